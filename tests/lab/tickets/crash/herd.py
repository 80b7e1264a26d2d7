"""Writers and what befalls them: `python -m tests.lab.tickets.crash.herd ROOT --seed N …`.

The herd forks writers and reads what they acknowledge. It kills them one by one at random moments,
or cuts the power of the disk they write to. On stdout it leaves JSON: the acknowledgements that
came before the end, those that a full disk refused, and writers that died by themselves.
"""

import argparse
import fcntl
import json
import os
import random
import selectors
import signal
import struct
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.tickets.crash import writer

# linux/fs/ext4/ext4.h: EXT4_IOC_SHUTDOWN is _IOR('X', 125, __u32); flag 2 is NOLOGFLUSH, which
# leaves on the disk what had come there, and neither writes the journal nor the pages out.
_SHUTDOWN, _NOLOGFLUSH = 0x8004587D, 2
_TOO_MANY = 10


@dataclass
class Herd:
    """So many writers of one store."""

    root: Path
    seed: int
    without: str
    acks: list[list[str]] = field(default_factory=list)
    refused: int = 0
    died: list[int] = field(default_factory=list)
    forked: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.pipes = selectors.DefaultSelector()
        self.pids: dict[int, int] = {}  # by pipe
        self.left: dict[int, bytes] = {}

    def fork(self) -> None:
        """Start a writer."""
        read, write = os.pipe()
        self.forked += 1
        pid = os.fork()
        if not pid:
            _write_for_ever(self.root, self.forked, self.seed, self.without, write)
        os.close(write)
        os.set_blocking(read, False)
        self.pids[read], self.left[read] = pid, b""
        self.pipes.register(read, selectors.EVENT_READ)

    def listen(self, seconds: float, acks: int = 0, refused: int = 0) -> None:
        """Read acknowledgements for a while, and until there are so many, and so many refusals."""
        end = time.monotonic() + seconds
        while (
            (wait := end - time.monotonic()) > 0 or len(self.acks) < acks or self.refused < refused
        ):
            wait = max(wait, 0.01)
            for key, _ in self.pipes.select(wait):
                if not self._read(key.fd):
                    self._bury(key.fd, killed=False)
                    if len(self.died) > _TOO_MANY:
                        raise RuntimeError(f"writers die by themselves: {self.died}")
                    self.fork()

    def hear_all(self) -> None:
        """Read what was acknowledged up to now."""
        for pipe in self.pids:
            self._read(pipe)

    def _read(self, pipe: int) -> bool:
        """Take in what a pipe holds; return False at its end."""
        try:
            while data := os.read(pipe, 1 << 16):
                *lines, self.left[pipe] = (self.left[pipe] + data).split(b"\n")
                for line in lines:
                    self._take(line)
        except BlockingIOError:
            return True
        return False

    def _take(self, line: bytes) -> None:
        if line + b"\n" == writer.FULL:
            self.refused += 1
        else:
            self.acks.append(line.decode().split())

    def kill(self, pipe: int) -> None:
        """Kill a writer, and read to the end what it had acknowledged."""
        os.kill(self.pids[pipe], signal.SIGKILL)
        while self._read(pipe):
            self.pipes.select(1)
        self._bury(pipe, killed=True)

    def _bury(self, pipe: int, *, killed: bool) -> None:
        _, status = os.waitpid(self.pids.pop(pipe), 0)
        if not killed or os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            self.died.append(os.waitstatus_to_exitcode(status))
        self.pipes.unregister(pipe)
        os.close(pipe)

    def kill_any(self, times: int) -> None:
        """Kill one after the other, each at a moment nobody foresaw."""
        for _ in range(times):
            self.listen(self.dice.uniform(0, 0.12), acks=len(self.acks) + 1)
            self.kill(self.dice.choice(sorted(self.pids)))
            self.fork()

    def cut(self, mount: Path) -> None:
        """Cut the power. What was acknowledged while it went out counts for nothing."""
        handle = os.open(mount, os.O_RDONLY | os.O_DIRECTORY)
        self.hear_all()
        fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NOLOGFLUSH))
        acks = list(self.acks)
        os.close(handle)
        self.end()
        self.acks = acks

    def end(self) -> None:
        """Kill all."""
        for pipe in list(self.pids):
            self.kill(pipe)


def _write_for_ever(root: Path, number: int, seed: int, without: str, acks: int) -> None:
    try:
        writer.take_out(without)
        writer.run(root, number, seed, acks)
    except BaseException:  # noqa: BLE001 - nothing of the parent's may run here
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def main() -> None:
    """Do as asked; tell what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--without", choices=("", "folders", "bulk", "all"), default="")
    parser.add_argument("--cut", type=Path, metavar="MOUNT")
    asked = parser.parse_args()
    herd = Herd(asked.root, asked.seed, asked.without)
    for _ in range(asked.writers):
        herd.fork()
    herd.kill_any(asked.kills)
    herd.listen(asked.seconds)
    died = list(herd.died)
    if asked.cut:
        herd.cut(asked.cut)
    else:
        herd.end()
        died = herd.died
    print(json.dumps({"acks": herd.acks, "refused": herd.refused, "died": died}))


if __name__ == "__main__":
    main()
