"""Faults of a repository: one thing in it is damaged, lost, locked, or not opened any more."""

import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.backup.kills import slay
from tests.lab.faults.stage import Pack, Stage
from tests.lab.machine import console_script

Fault = Callable[[Stage, random.Random], None]


def nothing(stage: Stage, dice: random.Random) -> None:
    """No fault: what is said of it is a false alarm."""


def bit(path: Path, at: int, dice: random.Random) -> None:
    """Flip one bit of the byte at a place."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << dice.randrange(8)
    _write(path, bytes(data))


def _write(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def _any(stage: Stage, kind: str, dice: random.Random) -> Pack:
    return dice.choice([pack for pack in stage.packs if pack.kind == kind])


def _in_blob(pack: Pack, dice: random.Random) -> tuple[int, int]:
    """Draw a blob of a pack: where it begins, how long it is. What lies between blobs and the end
    is the header, without which restic restores all the same.
    """
    return dice.choice(pack.blobs)


def flipped(kind: str) -> Fault:
    """One bit of a blob."""

    def inject(stage: Stage, dice: random.Random) -> None:
        pack = _any(stage, kind, dice)
        start, length = _in_blob(pack, dice)
        bit(stage.file(pack), start + dice.randrange(length), dice)

    return inject


def zeroed(stage: Stage, dice: random.Random) -> None:
    """4 KB of a data pack, as a disk does that lost a block."""
    path = stage.file(_any(stage, "data", dice))
    data = bytearray(path.read_bytes())
    at = dice.randrange(max(1, len(data) - 4096))
    data[at : at + 4096] = bytes(len(data[at : at + 4096]))
    _write(path, bytes(data))


def deleted(kind: str) -> Fault:
    """A pack is gone."""

    def inject(stage: Stage, dice: random.Random) -> None:
        stage.file(_any(stage, kind, dice)).unlink()

    return inject


def cut(kind: str) -> Fault:
    """A pack ends early, within its blobs; of data packs also by a single byte."""

    def inject(stage: Stage, dice: random.Random) -> None:
        pack = _any(stage, kind, dice)
        path = stage.file(pack)
        data = path.read_bytes()
        blobs_end = max(start + length for start, length in pack.blobs)
        last = len(data) - 1 if kind == "data" else blobs_end - 1
        _write(path, data[: dice.choice((last, dice.randrange(last)))])

    return inject


def swapped(stage: Stage, dice: random.Random) -> None:
    """Two data packs have each other's content."""
    one, two = dice.sample([pack for pack in stage.packs if pack.kind == "data"], 2)
    first, second = stage.file(one).read_bytes(), stage.file(two).read_bytes()
    _write(stage.file(one), second)
    _write(stage.file(two), first)


def spoilt(folder: str) -> Fault:
    """One file of a folder (or the file itself): a bit flipped, zeroed or cut."""

    def inject(stage: Stage, dice: random.Random) -> None:
        path = _one(stage, folder, dice)
        data = path.read_bytes()
        how = dice.choice(("flip", "zero", "cut"))
        if how == "flip":
            bit(path, dice.randrange(len(data)), dice)
        else:
            _write(path, bytes(len(data)) if how == "zero" else data[: dice.randrange(len(data))])

    return inject


def lost(folder: str) -> Fault:
    """One file of a folder (or the file itself) is gone."""

    def inject(stage: Stage, dice: random.Random) -> None:
        _one(stage, folder, dice).unlink()

    return inject


def _one(stage: Stage, name: str, dice: random.Random) -> Path:
    """Draw a file; of the snapshots the newest, which people restore."""
    path = stage.repo / name
    if path.is_file():
        return path
    found = sorted(path.iterdir())
    if name != "snapshots":
        return dice.choice(found)
    newest = stage.restic("--no-cache", "snapshots", "--json").text
    return path / _ids(newest)[-1]


def _ids(told: str) -> list[str]:
    snapshots = sorted(json.loads(told), key=lambda snapshot: str(snapshot["time"]))
    return [str(snapshot["id"]) for snapshot in snapshots]


def older_snapshot(stage: Stage, dice: random.Random) -> None:
    """A snapshot before the newest is gone, without `forget`."""
    older = _ids(stage.restic("--no-cache", "snapshots", "--json").text)[:-1]
    (stage.repo / "snapshots" / dice.choice(older)).unlink()


def no_snapshot(stage: Stage, dice: random.Random) -> None:
    """All snapshots are gone, and all packs are there."""
    for path in (stage.repo / "snapshots").iterdir():
        path.unlink()


def wrong_password(stage: Stage, dice: random.Random) -> None:
    """The secret is another one."""
    (stage.site.root / "secrets/nas").write_text(dice.randbytes(8).hex())


def gone(stage: Stage, dice: random.Random) -> None:
    """The folder of the repository is not there, or is empty as a mount point is."""
    shutil.rmtree(stage.repo)
    if dice.random() < 0.5:
        stage.repo.mkdir(mode=0o700)


def dead_lock(stage: Stage, dice: random.Random) -> None:
    """A backup of ours was killed with all that it started; its lock stays."""
    (stage.site.source / "files/late.bin").write_bytes(dice.randbytes(30_000_000))
    argv = [console_script("msptool"), "-C", str(stage.site.root), "backup", "run"]
    _kill_when_locked(argv, stage)
    (stage.site.source / "files/late.bin").unlink()


def foreign_lock(stage: Stage, dice: random.Random) -> None:
    """Another machine holds the repository, as far as anybody here can tell."""
    big = stage.root / "elsewhere.bin"
    big.write_bytes(dice.randbytes(30_000_000))
    restic = (
        f"hostname elsewhere; exec restic -r {stage.repo} --no-cache"
        f" --password-file {stage.site.root}/secrets/nas"
        f" backup --limit-upload 200 --exclude={dice.random()} -- {big}"
    )
    _kill_when_locked(["unshare", "--user", "--map-root-user", "--uts", "sh", "-c", restic], stage)
    big.unlink()


def _kill_when_locked(argv: list[str], stage: Stage) -> None:
    before = _locks(stage)
    running = subprocess.Popen(
        argv, start_new_session=True, env=stage.site.environment(PATH=stage.path),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end_s = time.monotonic() + 60
        while not _locks(stage) - before:
            assert running.poll() is None and time.monotonic() < end_s, "no lock was made"
            time.sleep(0.005)
    finally:
        slay(running, whole=True)
    assert _locks(stage) - before, "the lock was taken away"


def _locks(stage: Stage) -> set[Path]:
    """Return the whole locks: one that is being written has another name."""
    return {path for path in (stage.repo / "locks").iterdir() if len(path.name) == 64}
