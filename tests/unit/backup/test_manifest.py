import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from msptool.backup import manifest, names
from msptool.backup.manifest import Entry, Seal
from msptool.backup.patterns import Excludes
from msptool.workspace import Workspace

NONE = Excludes(())
HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    made.mkdir()
    (made / "a.txt").write_text("hello")
    return made


def survey(source: Path) -> dict[str, Entry]:
    return manifest.survey([str(source)], NONE, {})


def settle(before: dict[str, Entry], source: Path, *unread: str) -> dict[str, Entry]:
    entries = manifest.settle(before, [str(source)], NONE, unread)
    return {entry.path: entry for entry in entries}


def seal(snapshot: str = "a" * 64, at: datetime = AT) -> Seal:
    return Seal(
        job="files", run="R", snapshot=snapshot, paths=("/srv",), exclude=(),
        walked_at=at, sealed_at=at, complete=True, restic="0.14.0",
    )  # fmt: skip


def test_everything_is_seen_and_files_are_hashed(source: Path) -> None:
    (source / "empty").touch()
    (source / "link").symlink_to("nowhere")
    os.link(source / "a.txt", source / "hard")
    os.mkfifo(source / "pipe")
    (source / "new\nline").write_text("hello")
    raw = os.fsencode(source) + b"/bad\xff\xfe"
    Path(os.fsdecode(raw)).write_text("hello")
    with (source / "sparse").open("wb") as file:
        file.truncate(3_000_000)
    found = survey(source)
    kinds = {Path(path).name: entry.kind for path, entry in found.items()}
    assert kinds["link"] == "link" and kinds["pipe"] == "other" and kinds["source"] == "folder"
    hashed = {Path(path).name for path, entry in found.items() if entry.sha256 == HELLO}
    assert hashed == {"a.txt", "hard", "new\nline", "bad\\xff\\xfe"}
    assert found[f"{source}/link"].target == "nowhere"
    assert found[f"{source}/sparse"].size_bytes == 3_000_000
    assert names.raw(names.read(f"{source}/bad\\xff\\xfe")) == raw


def test_a_socket_is_passed_over_as_restic_does(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source)
    os.mknod("sock", 0o140600)
    assert f"{source}/sock" not in survey(source)


def test_excludes_of_the_job_are_not_expected(source: Path) -> None:
    (source / "x.tmp").touch()
    found = manifest.survey([str(source)], Excludes(["*.tmp"]), {})
    assert set(found) == {str(source), f"{source}/a.txt"}


def test_an_untouched_file_stays_as_it_was(source: Path) -> None:
    settled = settle(survey(source), source)
    assert not any(entry.moved or entry.unread for entry in settled.values())


def test_a_file_written_around_the_reading_is_moved_and_keeps_both_hashes(source: Path) -> None:
    before = survey(source)
    (source / "a.txt").write_text("other")
    entry = settle(before, source)[f"{source}/a.txt"]
    assert entry.moved and entry.sha256 == HELLO and entry.sha256_after not in ("", HELLO)


def test_a_change_that_hides_its_mtime_is_seen_by_ctime(source: Path) -> None:
    path = source / "a.txt"
    before, told = survey(source), path.stat()
    path.write_text("jello")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert settle(before, source)[str(path)].moved


def test_what_came_or_went_is_moved(source: Path) -> None:
    before = survey(source)
    (source / "a.txt").unlink()
    (source / "new").write_text("hello")
    settled = settle(before, source)
    assert settled[f"{source}/a.txt"].moved
    assert settled[f"{source}/new"].moved and settled[f"{source}/new"].sha256_after == HELLO


def test_what_restic_could_not_read_is_unread(source: Path) -> None:
    assert settle(survey(source), source, f"{source}/a.txt")[f"{source}/a.txt"].unread


def test_hashes_are_reused_only_for_files_nobody_wrote(source: Path) -> None:
    found = survey(source)
    path = f"{source}/a.txt"
    marked = msgspec.structs.replace(found[path], sha256="reused")
    head = seal(at=datetime(2100, 1, 1, tzinfo=UTC))
    known = manifest.reusable(head, [marked])
    assert manifest.survey([str(source)], NONE, known)[path].sha256 == "reused"
    (source / "a.txt").write_text("hello")  # same size and content, another ctime
    assert manifest.survey([str(source)], NONE, known)[path].sha256 == HELLO


def test_a_file_written_just_before_the_seal_is_not_reused(source: Path) -> None:
    (entry,) = (e for e in survey(source).values() if e.kind == "file")
    racy = datetime.fromtimestamp(entry.ctime_ns / 1e9 + 1, UTC)
    assert manifest.reusable(seal(at=racy), [entry]) == {}


def test_a_seal_survives_the_disk(tmp_path: Path, source: Path) -> None:
    workspace = Workspace(tmp_path)
    entries = tuple(settle(survey(source), source).values())
    path, sha256 = manifest.seal(workspace, seal(), entries)
    assert manifest.read(path) == (seal(), entries)
    assert len(sha256) == 64 and path.stat().st_mode & 0o777 == 0o600
    assert manifest.seals(workspace, "files") == {"a" * 64: seal()}


def test_a_torn_manifest_is_no_seal(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path, _ = manifest.seal(workspace, seal(), ())
    path.write_bytes(path.read_bytes()[:20])
    assert manifest.seals(workspace, "files") == {}
    with pytest.raises(msgspec.DecodeError):
        manifest.read(path)
    path.write_bytes(b"")
    with pytest.raises(msgspec.DecodeError):
        manifest.read(path)


def test_seals_come_oldest_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for name, day in (("b" * 64, 3), ("c" * 64, 1), ("a" * 64, 2)):
        manifest.seal(workspace, seal(name, datetime(2026, 1, day, tzinfo=UTC)), ())
    assert [name[0] for name in manifest.seals(workspace, "files")] == ["c", "a", "b"]
