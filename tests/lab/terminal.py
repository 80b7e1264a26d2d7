"""A pseudo-terminal of a size, with a program in it; and the environment that tests give."""

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from collections.abc import Mapping


def environment(**extra: str) -> dict[str, str]:
    names = ("PATH", "HOME", "XDG_STATE_HOME")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "TERM": "xterm", **extra}


class Terminal:
    """A pseudo-terminal of a size with a program in it."""

    def __init__(self, argv: list[str], rows: int, columns: int, extra: Mapping[str, str]) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(argv[0], argv, {**environment(**extra)})  # noqa: S606
        self.said = b""

    def until(self, pattern: bytes, within_s: float = 20) -> bytes:
        deadline = time.monotonic() + within_s
        while not re.search(pattern, self.said):
            left = deadline - time.monotonic()
            assert left > 0, self.said
            if select.select([self.handle], [], [], left)[0]:
                try:
                    self.said += os.read(self.handle, 4096)
                except OSError:
                    break
        return self.said

    def type(self, data: bytes) -> None:
        os.write(self.handle, data)

    def end(self) -> int:
        while select.select([self.handle], [], [], 20)[0]:
            try:
                data = os.read(self.handle, 4096)
            except OSError:
                break
            if not data:
                break
            self.said += data
        os.close(self.handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
