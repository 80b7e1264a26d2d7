"""Whether a secret shows: in any argv, in the environment of others, or in files, while we work."""

import os
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PAUSE_S = 0.005


@dataclass
class Watch:
    """What was seen while it looked: `sights` says where a canary stood, `seen` how many times
    each program was looked at. A watch that saw none of the programs proves nothing.

    `own`: a part of the argv of a program whose own environment holds a canary, because a person
    put it there. `temporary`: folders whose files are read as long as they are there.
    """

    canaries: tuple[bytes, ...]
    own: bytes = b""
    temporary: tuple[Path, ...] = ()
    sights: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Look once at every process of this machine."""
        for entry in os.scandir("/proc"):
            if entry.name.isdecimal() and int(entry.name) != os.getpid():
                self._look_at(Path(entry.path))
        for folder in self.temporary:
            found = in_files(folder, [canary.decode() for canary in self.canaries])
            self.sights |= {f"file {path}" for path in found}

    def _look_at(self, process: Path) -> None:
        try:
            argv = (process / "cmdline").read_bytes()
            environ = (process / "environ").read_bytes()
            changed = (process / "cmdline").read_bytes() != argv
        except OSError:  # gone, or another's
            return
        if changed or not argv:  # between fork and exec it is nobody's yet
            return
        if self.own and self.own in argv:
            environ = b""
        program = Path(argv.partition(b"\0")[0].decode(errors="replace")).name
        self.seen[program] = self.seen.get(program, 0) + 1
        for what, data in (("argv", argv), ("environment", environ)):
            if any(canary in data for canary in self.canaries):
                self.sights.add(f"{what} of {program}")


@contextmanager
def watching(
    canaries: Collection[str], *, own: bytes = b"", temporary: Collection[Path] = ()
) -> Iterator[Watch]:
    """Look every 5 ms until the block ends."""
    watch = Watch(
        tuple(canary.encode() for canary in canaries), own=own, temporary=tuple(temporary)
    )
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            watch.look()
            time.sleep(PAUSE_S)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def in_files(root: Path, canaries: Collection[str], *, but: Collection[Path] = ()) -> list[Path]:
    """Return the files below a folder that hold a canary, in their names too."""
    words = [canary.encode() for canary in canaries]
    return [
        path
        for path in root.rglob("*")
        if not any(path.is_relative_to(left) for left in but)
        and (any(w in os.fsencode(path.name) for w in words) or _holds(path, words))
    ]


def _holds(path: Path, words: list[bytes]) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    try:
        data = path.read_bytes()
    except FileNotFoundError:  # it went while we looked
        return False
    return any(word in data for word in words)
