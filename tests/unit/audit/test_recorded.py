"""What programs really answered, and what the audit makes of it: a folder a case."""

import json
from pathlib import Path

import pytest

from tests.cases import read_site

CASES = Path(read_site.__file__).parent
FOUND = [(tool, path) for tool in read_site.READERS for path in sorted((CASES / tool).iterdir())]


def test_every_reader_has_cases() -> None:
    assert {tool for tool, _ in FOUND} == set(read_site.READERS)


@pytest.mark.parametrize(("tool", "case"), FOUND, ids=lambda value: getattr(value, "name", value))
def test_recorded(tool: str, case: Path) -> None:
    (answer,) = case.glob("answer.*")
    made = json.loads(json.dumps(read_site.READERS[tool](answer.read_bytes())))
    assert made == json.loads((case / "expected.json").read_text())
