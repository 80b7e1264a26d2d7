import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from msptool import files, model, runs
from msptool.errors import UsageError
from msptool.model import Attempt, End, Finding, Header, Link, Report, Rule, Subject, Thing
from msptool.workspace import Workspace

T0 = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def report(run: runs.Run, *, complete: bool = True) -> Report:
    evidence = runs.keep(run, "nmap.xml", b"<nmaprun/>", source="nmap", at=T0)
    words = {"en": "x", "ru": "ы"}
    return Report(
        header=Header(run=run.ident, client="ACME", kind=run.kind, msptool="0", started_at=T0),
        end=End(ended_at=T0, complete=complete),
        rules=(Rule(check="NET-001", title=words, message=words, remedy=words,
                    severity="high", category="c"),),
        things=(Thing(id="a", kind="asset", name="sw"),),
        links=(Link(a="a", b="b"),),
        attempts=(Attempt(check="NET-001", thing="a", outcome="fail"),),
        findings=(Finding(check="NET-001", subject=Subject(thing="a"), severity="high",
                          evidence=(evidence.sha256,)),),
        evidence=(evidence,),
    )  # fmt: skip


def committed(workspace: Workspace, kind: model.Kind = "audit", *, complete: bool = True) -> Path:
    run = runs.start(workspace, kind)
    return runs.commit(run, report(run, complete=complete))


def test_a_run_is_seen_only_when_it_is_whole(workspace: Workspace) -> None:
    run = runs.start(workspace, "audit")
    made = report(run)
    assert list(runs.folders(workspace)) == [] and runs.newest(workspace, "audit") is None
    assert runs.cut_short(workspace) == [run]
    folder = runs.commit(run, made)
    assert folder.name == f"{run.ident}-audit"
    assert runs.newest(workspace, "audit") == folder
    assert runs.cut_short(workspace) == []
    assert runs.load(folder) == made
    assert (folder / made.evidence[0].path).read_bytes() == b"<nmaprun/>"


def test_a_cut_run_is_listed_by_nobody_of_any_kind(workspace: Workspace) -> None:
    runs.start(workspace, "audit")
    (workspace.runs / "notes").mkdir()
    (workspace.runs / "01J00000000000000000000000-audit").touch()
    kept = [committed(workspace, kind) for kind in ("audit", "backup")]
    assert sorted(runs.folders(workspace)) == sorted(kept)
    assert list(runs.folders(workspace, "backup")) == kept[1:]
    assert list(runs.folders(Workspace(workspace.root / "nowhere"))) == []


def test_the_newest_is_the_newest_that_was_complete(workspace: Workspace) -> None:
    whole = committed(workspace)
    committed(workspace, complete=False)
    committed(workspace, "backup")
    assert runs.newest(workspace, "audit") == whole


def test_the_same_bytes_are_kept_once_and_are_private(workspace: Workspace) -> None:
    run = runs.start(workspace, "audit")
    first, again = (runs.keep(run, "txt", b"x", source=s, at=T0) for s in ("one", "two"))
    assert first.path == again.path and first.sha256 == again.sha256 and first.size_bytes == 1
    folder = runs.commit(run, report(run))
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    "name", ["rules", "things", "links", "attempts", "findings", "evidence", "assets"]
)
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_a_changed_or_missing_file_is_found(workspace: Workspace, name: str, how: str) -> None:
    run = runs.start(workspace, "audit")
    runs.keep_facts(run, "assets", [Thing(id="a", kind="asset", name="sw")])
    folder = runs.commit(run, report(run))
    path = folder / f"{name}.jsonl"
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(UsageError) as caught:
        runs.load(folder)
    assert caught.value.code == "run.changed"
    assert str(caught.value.place) == str(path)


@pytest.mark.parametrize("name", ["findings.jsonl", "manifest.json"])
def test_a_folder_in_place_of_a_file_is_told_in_words(workspace: Workspace, name: str) -> None:
    folder = committed(workspace)
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(UsageError) as caught:
        runs.load(folder)
    assert (caught.value.code, caught.value.place.file) == ("run.unreadable", str(folder / name))


def test_changed_evidence_is_found(workspace: Workspace) -> None:
    folder = committed(workspace)
    next((folder / "evidence").iterdir()).write_bytes(b"<nmaprun>")
    with pytest.raises(UsageError, match="changed"):
        runs.load(folder)


def test_a_manifest_that_vouches_for_less_is_no_run(workspace: Workspace) -> None:
    folder = committed(workspace)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    del manifest["files"]["findings.jsonl"]
    path.write_text(json.dumps(manifest))
    (folder / "findings.jsonl").unlink()
    with pytest.raises(UsageError) as caught:
        runs.load(folder)
    assert caught.value.code == "run.unreadable"


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"header":1}'])
def test_a_broken_manifest_is_told_in_words(workspace: Workspace, data: bytes) -> None:
    folder = committed(workspace)
    (folder / "manifest.json").write_bytes(data)
    with pytest.raises(UsageError) as caught:
        runs.load(folder)
    assert caught.value.code == "run.unreadable"
    assert caught.value.exit == 2


def rewritten(folder: Path, name: str, data: bytes) -> None:
    """Change a table and let the manifest vouch for it, as a program of another version would."""
    (folder / name).write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = files.sha256(folder / name)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_unknown_fields_are_ignored_and_naive_times_refused(workspace: Workspace) -> None:
    folder = committed(workspace)
    table = folder / "findings.jsonl"
    line = json.loads(table.read_bytes())
    rewritten(folder, table.name, json.dumps({**line, "later": {"x": 1}}).encode() + b"\n")
    assert runs.load(folder).findings[0].check == "NET-001"
    rewritten(folder, table.name, json.dumps({**line, "seen_at": "2026-11-02T08:00:00"}).encode())
    with pytest.raises(UsageError) as caught:
        runs.load(folder)
    assert caught.value.code == "run.unreadable"


def test_a_report_of_a_later_meaning_is_not_read_as_ours(workspace: Workspace) -> None:
    folder = committed(workspace)
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace("msptool.report/1", "msptool.report/2"))
    with pytest.raises(UsageError) as caught:
        runs.newest(workspace, "audit")
    assert caught.value.code == "run.schema"


def test_facts_of_a_run_come_back(workspace: Workspace) -> None:
    run = runs.start(workspace, "audit")
    things = [Thing(id=str(n), kind="asset", name="№") for n in range(3)]
    runs.keep_facts(run, "assets", things)
    folder = runs.commit(run, report(run))
    assert runs.load_facts(folder, "assets", Thing) == things
    assert runs.load_facts(folder, "others", Thing) == []
    rewritten(folder, "assets.jsonl", b"{\n")
    with pytest.raises(UsageError, match="not a run"):
        runs.load_facts(folder, "assets", Thing)


@pytest.mark.parametrize("how", ["changed", "missing", "planted"])
def test_facts_that_the_manifest_does_not_vouch_for_are_not_read(
    workspace: Workspace, how: str
) -> None:
    run = runs.start(workspace, "audit")
    runs.keep_facts(run, "assets", [Thing(id="a", kind="asset", name="sw")])
    folder = runs.commit(run, report(run))
    path, name = folder / "assets.jsonl", "assets"
    if how == "missing":
        path.unlink()
    elif how == "changed":
        path.write_bytes(path.read_bytes().replace(b"sw", b"no"))
    else:
        path, name = path.rename(folder / "planted.jsonl"), "planted"
    with pytest.raises(UsageError) as caught:
        runs.load_facts(folder, name, Thing)
    assert caught.value.code == ("run.unreadable" if how == "planted" else "run.changed")
    assert caught.value.place.file == str(path)


def test_a_report_survives_a_pipe_line_by_line(workspace: Workspace) -> None:
    made = report(runs.start(workspace, "audit"))
    lines = [model.decode(model.encode(line)) for line in made.lines()]
    head, *records, end = lines
    assert isinstance(head, Header) and isinstance(end, End)
    assert runs.collect(head, end, records) == made
    assert all(msgspec.json.decode(model.encode(line))["type"] for line in made.lines())
