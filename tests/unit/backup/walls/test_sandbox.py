import os
import stat
from pathlib import Path

import pytest

from msptool import files
from msptool.backup.walls import private, sandbox
from msptool.errors import UnsafeError


@pytest.fixture(autouse=True)
def no_mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mounts are real: the lab has them."""

    def refused() -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(private, "namespace", refused)


def test_what_walls_it_has_is_told(tmp_path: Path) -> None:
    with sandbox.opened(tmp_path) as box:
        assert (box.kind, box.why) == ("folder", "Operation not permitted")
        assert box.kind in sandbox.KINDS


def test_it_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with sandbox.opened(tmp_path) as box, box.target() as target:
        for folder in (box.folder, target, box.cache):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_after_an_interrupt_too(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), sandbox.opened(tmp_path) as box:
        (box.folder / "big").write_text("x")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_folders_that_refuse_writing_are_removed(tmp_path: Path) -> None:
    with sandbox.opened(tmp_path) as box, box.target() as target:
        inner = target / "sealed" / "deep"
        inner.mkdir(parents=True)
        (inner / "file").touch()
        Path(os.fsdecode(os.fsencode(inner) + b"/bad\xff")).touch()
        (inner / "link").symlink_to(tmp_path)
        inner.chmod(0o000)
        inner.parent.chmod(0o500)
    assert list(tmp_path.iterdir()) == []


def plant(parent: Path, name: str = "Z") -> Path:
    """Plant the lock of a dead run beside nothing; return where its sandbox would be."""
    planted = parent / f"{sandbox.PREFIX}{name}"
    planted.with_name(f"{planted.name}.lock").touch()
    return planted


def test_a_planted_link_leads_nowhere(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True)
    (tree / "inner").chmod(0o755)
    parent = tmp_path / "shared"
    parent.mkdir(mode=0o700)
    plant(parent).symlink_to(tree)
    (parent / f"{sandbox.PREFIX}Y.lock").symlink_to(tree / "lock")
    with sandbox.opened(parent):
        pass
    sandbox.remove(parent / f"{sandbox.PREFIX}Z")
    assert stat.S_IMODE((tree / "inner").stat().st_mode) == 0o755
    assert list(tree.iterdir()) == [tree / "inner"]


def test_what_belongs_to_others_is_not_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = plant(tmp_path)
    planted.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: os.getuid() + 1)
        sandbox.sweep(tmp_path)
    assert planted.exists() and planted.with_name(f"{planted.name}.lock").exists()


def test_a_folder_that_others_may_write_is_refused_unless_it_is_sticky(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(UnsafeError), sandbox.opened(tmp_path):
        pass
    tmp_path.chmod(0o1777)
    with sandbox.opened(tmp_path) as box:
        assert box.folder.is_dir()


def test_a_tree_deeper_than_the_stack_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox.opened(tmp_path) as box, box.target() as target:
        monkeypatch.chdir(target)
        for _ in range(1100):
            Path("a").mkdir()
            os.chdir("a")
        Path("file").touch()
        os.chdir(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_swept_stops_no_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: bytes) -> None:
        raise PermissionError(1, "Operation not permitted")

    dead = tmp_path / f"{sandbox.PREFIX}DEAD"
    dead.mkdir()
    dead.with_name(f"{dead.name}.lock").touch()
    with monkeypatch.context() as patched:
        patched.setattr(os, "rmdir", refused)
        sandbox.sweep(tmp_path)
    assert dead.exists()
    sandbox.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_the_dead_left_is_swept_and_the_living_is_spared(tmp_path: Path) -> None:
    dead = tmp_path / f"{sandbox.PREFIX}DEAD"
    (dead / "restored").mkdir(parents=True)
    dead.with_name(f"{dead.name}.lock").touch()
    mine = tmp_path / "not-ours"
    mine.mkdir()
    live = tmp_path / f"{sandbox.PREFIX}LIVE"
    live.mkdir()
    with files.lock(live.with_name(f"{live.name}.lock"), what="another"):
        with sandbox.opened(tmp_path):
            assert not dead.exists()
        assert live.exists() and mine.exists()


def test_room_is_counted_with_a_reserve(tmp_path: Path) -> None:
    with sandbox.opened(tmp_path) as box:
        told = os.statvfs(tmp_path)
        free = told.f_bavail * told.f_frsize
        assert box.lacks_bytes(0) == 0 or free < told.f_blocks * told.f_frsize * 0.05
        assert box.lacks_bytes(free) > 0
        assert box.lacks_bytes(10 * free) > 8 * free
        assert box.lacks_bytes(0, names=free) > 8 * free


def test_names_are_counted_against_inodes(tmp_path: Path) -> None:
    with sandbox.opened(tmp_path) as box:
        told = os.statvfs(tmp_path)
        assert box.lacks_names(0) == 0
        assert told.f_files == 0 or box.lacks_names(told.f_files + 1) > 0
