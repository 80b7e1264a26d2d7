"""The list of what runs each day names tests that exist: a typo would run nothing, in silence."""

import re
from pathlib import Path

from tests.lab.backup import daily

LAB = Path(daily.__file__).parent


def test_every_name_is_a_test() -> None:
    for file, names in daily.DAILY.items():
        text = (LAB / f"{file}.py").read_text()
        assert names <= set(re.findall(r"^def (test_\w+)", text, re.MULTILINE)), file
