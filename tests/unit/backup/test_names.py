import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import names


@given(st.binary())
def test_every_name_survives_its_written_form(raw: bytes) -> None:
    form = names.written(names.text(raw))
    assert names.raw(names.read(json.loads(json.dumps(form)))) == raw
    form.encode()  # holds no surrogate: JSON and every file can carry it


@given(st.binary(), st.binary())
def test_two_names_never_share_a_written_form(one: bytes, other: bytes) -> None:
    same = names.written(names.text(one)) == names.written(names.text(other))
    assert same == (one == other)


def test_written_form_is_readable() -> None:
    assert names.written("docs/отчёт.txt") == "docs/отчёт.txt"
    assert names.written(names.text(b"bad\xff")) == "bad\\xff"
    assert names.written("a\\b") == "a\\\\b"


@pytest.mark.parametrize("job", ["files", "a/b", "..", ".", "x,y", "z\n", "sql db"])
def test_a_job_name_is_one_folder_and_one_tag(job: str) -> None:
    safe = names.safe(job)
    assert "/" not in safe and "," not in safe and "\n" not in safe
    assert safe not in (".", "..")
