"""Proofs that were signed once verify for ever. Never made anew: a new case is a new folder.

`python -m tests.unit.backup.evidence.test_golden NAME` made one.
"""

import json
import sys
import tempfile
from pathlib import Path

import jsonschema
import pytest

from msptool.backup.evidence import bundle, chain, check, envelope, key, statement
from tests.unit.backup.evidence import chains

CASES = Path(__file__).resolve().parents[3] / "cases" / "evidence"
FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir())


def test_there_are_cases() -> None:
    assert FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_what_was_signed_once_verifies_for_ever(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    heads = [chain.parse_head(text) for text in expected["heads"]]
    checked = check.verify(bundle.read(folder / "bundle"), [expected["key"]], heads)
    assert checked.faults == ()
    assert [one.held for one in checked.chains] == [head.sequence for head in heads]
    assert checked.materials == expected["materials"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_it_is_as_the_published_schema_says(folder: Path) -> None:
    schema = json.loads(statement.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    for path in (folder / "bundle/evidence").rglob("*.json"):
        told = json.loads(envelope.open_(path.read_bytes()).payload)
        judge.validate(told)
        assert not judge.is_valid({**told, "predicateType": "urn:other"})


def _make(to: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        place = chains.workspace(Path(scratch) / "acme")
        heads = [chains.append(place, job, count)[-1] for job, count in (("db", 2), ("files", 3))]
        public = key.public_key(place)
        made = bundle.export(place, [], to / "bundle", with_materials=True)
        expected = {
            "heads": [str(head) for head in heads],
            "key": public.hex() if public else "",
            "materials": made.materials,
        }
    (to / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    _make(CASES / sys.argv[1])
