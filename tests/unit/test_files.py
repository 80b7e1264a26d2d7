import errno
import fcntl
import json
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool import files
from msptool.errors import Busy, DiskError, UnsafeError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=[0o000, 0o022, 0o077])
def any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_what_a_person_named_is_replaced_with_the_mode_it_has(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    files.deliver(path, b"first")
    assert mode(path) == 0o600
    path.chmod(0o640)
    files.deliver(path, b"second")
    assert (path.read_bytes(), mode(path), names(tmp_path)) == (b"second", 0o640, ["out.csv"])


@pytest.mark.parametrize("there", [True, False])
def test_what_a_person_named_is_written_where_its_link_leads(tmp_path: Path, there: bool) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "out.csv", tmp_path / "link"
    if there:
        target.write_bytes(b"old")
    link.symlink_to("far/out.csv")
    files.deliver(link, b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"
    assert names(tmp_path) == ["far", "link"] and names(tmp_path / "far") == ["out.csv"]


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UnsafeError):
        files.deliver(tmp_path / "loop", b"x")


def test_a_pipe_or_a_device_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.deliver(pipe, b"said")
        assert os.read(reader, 10) == b"said"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    (tmp_path / "null").symlink_to("/dev/null")
    files.deliver(tmp_path / "null", b"said")
    assert stat.S_ISCHR((tmp_path / "null").stat().st_mode)
    assert names(tmp_path) == ["null", "pipe"]


@pytest.mark.usefixtures("any_umask")
def test_everything_is_private_whatever_the_umask(tmp_path: Path) -> None:
    files.write(tmp_path / "written", b"x")
    files.create(tmp_path / "created", b"x")
    files.append(tmp_path / "appended", b"x\n")
    with files.lock(tmp_path / "locks" / "lock", what="test"):
        pass
    files.make_folder(tmp_path / "a" / "b")
    for name in ("written", "created", "appended", "locks/lock"):
        assert mode(tmp_path / name) == 0o600, name
    for name in ("a", "a/b", "locks"):
        assert mode(tmp_path / name) == 0o700, name
    files.write(tmp_path / "shown", b"x", mode=0o644)
    assert mode(tmp_path / "shown") == 0o644


def test_writing_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / ("имя-" * 30)
    files.write(path, b"one")
    files.write_text(path, "два")
    assert path.read_text() == "два"
    assert names(tmp_path) == [path.name]


def test_creating_touches_nothing_that_stands(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert files.create(path, b"one")
    assert not files.create(path, b"two")
    assert path.read_bytes() == b"one"
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert not files.create(tmp_path / "dangling", b"x")
    assert names(tmp_path) == ["a", "dangling"]


def test_of_many_creators_one_wins(tmp_path: Path) -> None:
    won: list[int] = []
    gate = threading.Barrier(8)

    def try_it(number: int) -> None:
        gate.wait()
        if files.create(tmp_path / "a", str(number).encode() * 1000):
            won.append(number)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert (tmp_path / "a").read_bytes() == str(won[0]).encode() * 1000


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"of somebody")
    for name in ("write", "append", "lock"):
        (tmp_path / name).symlink_to(other)
    files.write(tmp_path / "write", b"ours")
    assert not (tmp_path / "write").is_symlink(), "the link gave way to a file"
    with pytest.raises(UnsafeError) as caught:
        files.append(tmp_path / "append", b"ours\n")
    assert caught.value.code == "file.link"
    with pytest.raises(UnsafeError), files.lock(tmp_path / "lock", what="test"):
        pass
    assert other.read_bytes() == b"of somebody"


def test_the_hash_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert files.sha256(tmp_path / "nowhere") == ""


def test_a_torn_tail_does_not_swallow_the_next_record(tmp_path: Path) -> None:
    path = tmp_path / "events"
    files.append(path, b"one\n")
    with path.open("ab") as file:
        file.write(b"to")
    files.append(path, b"three\n")
    assert path.read_bytes() == b"one\nto\nthree\n"


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG]
)
def test_a_failing_disk_is_named(tmp_path: Path, number: int) -> None:
    with pytest.raises(DiskError) as caught, files.disk_errors(tmp_path / "a"):
        raise OSError(number, os.strerror(number))
    assert caught.value.exit == 74
    assert str(caught.value.place) == str(tmp_path / "a")


def test_other_errors_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.write(tmp_path / "nowhere" / "a", b"")


def test_the_lock_says_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "acme" / ".msptool" / "lock"
    with (
        files.lock(path, what="audit run"),
        pytest.raises(Busy) as caught,
        files.lock(path, what="backup run"),
    ):
        pass
    assert caught.value.exit == 6
    message = caught.value.message
    assert message.startswith("cannot start backup run: another run holds acme (audit run since 2")
    assert f"pid {os.getpid()}" in message
    with files.lock(path, what="free again"):
        assert json.loads(path.read_bytes())["what"] == "free again"


def test_a_lock_is_of_the_file_that_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for one who waited for a file that was deleted, and made anew by another."""
    path = tmp_path / "lock"
    real, waited = fcntl.flock, list[int]()

    def flock(handle: int, how: int) -> None:
        if not waited:
            waited.append(handle)
            path.unlink()
            path.touch()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    with files.lock(path, what="tickets", wait=True):
        assert waited and json.loads(path.read_bytes())["what"] == "tickets"
        with pytest.raises(Busy), files.lock(path, what="x"):
            pass


def test_a_lock_of_unknown_words_is_still_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with files.lock(path, what="audit run"):
        path.write_bytes(b"\xff{")
        with pytest.raises(Busy, match=r"\(unknown\)"), files.lock(path, what="x"):
            pass


def test_publishing_shows_a_folder_at_once(tmp_path: Path) -> None:
    folder = files.make_folder(tmp_path / "run.partial" / "evidence").parent
    files.write(folder / "evidence" / "a", b"x")
    files.publish(folder, tmp_path / "run")
    assert (tmp_path / "run" / "evidence" / "a").read_bytes() == b"x"
    assert not folder.exists()


@pytest.mark.parametrize("wrong", [0o770, 0o707, 0o777, 0o720, 0o702])
def test_what_others_can_write_is_not_trusted(tmp_path: Path, wrong: int) -> None:
    path = tmp_path / "it's acme"
    path.mkdir()
    path.chmod(wrong)
    with pytest.raises(UnsafeError) as caught:
        files.refuse_foreign(path)
    assert caught.value.exit == 2
    assert f"chmod -R go-w '{tmp_path}/it'\"'\"'s acme'" in caught.value.hint
    path.chmod(0o755)
    files.refuse_foreign(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_another_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "acme"
    path.mkdir(mode=0o700)
    for owner in (1000, 65534):
        os.chown(path, owner, -1)
        with pytest.raises(UnsafeError, match="belongs to another user"):
            files.refuse_foreign(path)


def test_pieces_that_end_in_an_error_leave_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")

    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        files.deliver_pieces(path, pieces())
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("out", "old")]
    files.deliver_pieces(path, (b"n", b"ew"))
    assert path.read_text() == "new"
