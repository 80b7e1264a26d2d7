"""Record what a restic says in the states of a repository: `python record.py RESTIC [STATE…]`.

Writes `VERSION-STATE/`: what each verb said (VERB.out, VERB.err) and expected.json with its exit
code and what we make of it. The recorded words are the evidence; whoever records reviews the
verdicts.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from msptool import process
from msptool.backup.repository import restic
from msptool.backup.repository.restic import Access, Tool
from msptool.process import Done, SecretFile, Word

HERE = Path(__file__).parent
PASSWORD = "correct horse"


def files(folder: Path) -> list[Path]:
    return sorted((p for p in folder.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)


def flip(path: Path) -> None:
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def rewrite(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.chmod(0o600)
    os.truncate(path, path.stat().st_size - 1000)


STATES: dict[str, Callable[[Path], object]] = {
    "sound": lambda repo: None,
    "flipped-data": lambda repo: flip(files(repo / "data")[-1]),
    "flipped-tree": lambda repo: flip(files(repo / "data")[0]),
    "cut-data": lambda repo: cut(files(repo / "data")[-1]),
    "flipped-index": lambda repo: flip(files(repo / "index")[0]),
    "lost-index": lambda repo: files(repo / "index")[0].unlink(),
    "flipped-snapshot": lambda repo: flip(files(repo / "snapshots")[0]),
    "flipped-config": lambda repo: flip(repo / "config"),
    "zeroed-config": lambda repo: rewrite(repo / "config", bytes(155)),
    "empty-config": lambda repo: rewrite(repo / "config", b""),
    "short-config": lambda repo: rewrite(repo / "config", bytes(10)),
    "lost-repository": shutil.rmtree,
    "wrong-password": lambda repo: None,
    "locked": lambda repo: None,
    "missing-source": lambda repo: None,
}

# Verbs worth keeping of a state; of the others all.
ONLY = {
    "zeroed-config": ("snapshots", "check"),
    "empty-config": ("snapshots", "check"),
    "short-config": ("snapshots", "check"),
    "locked": ("check",),
    "missing-source": ("backup",),
    "lost-repository": ("snapshots", "backup"),
    "wrong-password": ("snapshots", "check"),
}


def words(access: Access, source: Path, target: Path, state: str) -> dict[str, list[Word]]:
    paths = [str(source)] + (["/nowhere/at/all"] if state == "missing-source" else [])
    return {
        "snapshots": restic.argv(access, "snapshots"),
        "check": restic.check_argv(access, "1/1"),
        "size": restic.size_argv(access, "latest"),
        "restore": restic.restore_argv(access, "latest", target),
        "backup": restic.backup_argv(access, paths, [], ["job=files"]),
    }


def record(program: str, only: Sequence[str]) -> None:
    version = process.run([program, "version"], timeout_s=9).stdout
    tool = Tool(program, ".".join(map(str, restic.parse_version(version) or ())))
    root = Path(tempfile.mkdtemp())
    source = root / "source"
    (source / "docs").mkdir(parents=True)
    for number in range(3):
        (source / "docs" / f"{number}.bin").write_bytes(os.urandom(200_000))
    (source / "a.txt").write_text("hello")
    sound = Access(tool, str(root / "sound"), SecretFile(PASSWORD))
    restic.call(sound, restic.argv(sound, "init"))
    restic.call(sound, restic.backup_argv(sound, [str(source)], [], ["job=files"]))
    for state in only or STATES:
        for verb in ONLY.get(state, ("snapshots", "check", "size", "restore", "backup")):
            repo = root / "repo"
            shutil.rmtree(repo, ignore_errors=True)
            shutil.copytree(root / "sound", repo)
            STATES[state](repo)
            secret = "wrong" if state == "wrong-password" else PASSWORD
            access = Access(tool, str(repo), SecretFile(secret))
            holder = lock(repo, sound) if state == "locked" else None
            said = words(access, source, root / "target", state)[verb]
            done, outcome = restic.call(access, said, timeout_s=100)
            shutil.rmtree(root / "target", ignore_errors=True)
            if holder is not None:
                holder.unlink()
            keep(f"{tool.version}-{state}", verb, done, outcome.verdict, root)
    shutil.rmtree(root)


def lock(repo: Path, sound: Access) -> Path:
    """Return the lock that a killed restic left in the repository."""
    slow = Access(sound.tool, str(repo), sound.password)
    said = restic.backup_argv(slow, ["/usr/share"], [], [])
    slowly: list[Word] = [*said[:2], "--limit-upload=1", *said[2:]]
    process.run(slowly, timeout_s=3, stop_with=signal.SIGKILL)
    return files(repo / "locks")[0]


def keep(case: str, verb: str, done: Done, verdict: str, root: Path) -> None:
    folder = HERE / case
    folder.mkdir(exist_ok=True)
    for name, data in (("out", done.stdout), ("err", done.stderr)):
        shown = data.replace(str(root).encode(), b"/case")
        shown = shown.replace(f"@{os.uname().nodename}".encode(), b"@host")
        if shown:
            (folder / f"{verb}.{name}").write_bytes(shown)
    path = folder / "expected.json"
    expected = json.loads(path.read_text()) if path.exists() else {}
    expected[verb] = {"code": done.returncode, "timed_out": done.timed_out, "verdict": verdict}
    path.write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2:])
