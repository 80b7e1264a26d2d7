"""A terminal on the engineer's laptop, with a shell in it, as a person has one."""

import os
import re
import select
import shlex
import subprocess
import time
from collections.abc import Mapping

from tests.lab.flow.client import Client


class Screen:
    """A pseudo-terminal in which bash runs a script; msptool and bash are in its foreground.

    The terminal becomes the controlling one inside the site, by `setsid --ctty`: typed ^C must
    not reach the nsenter that leads there, which no person has between. A shell that runs the
    tests in the background lets them ignore ^C; a terminal does not.
    """

    def __init__(self, client: Client, script: str, env: Mapping[str, str]) -> None:
        self._handle, inner = os.openpty()
        shell = ["env", "--default-signal=INT", "setsid", "--ctty", "bash", "-c", script]
        argv = client.site.argv(shell)
        try:
            self.running = subprocess.Popen(
                argv, stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
                env={**client.environment(env), "TERM": "dumb"},
            )  # fmt: skip
        finally:
            os.close(inner)
        self.said = b""

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up, as a closed window does, where a test failed half way."""
        os.close(self._handle)
        self.running.kill()
        self.running.wait()

    def until(self, pattern: bytes, limit_s: float = 120) -> None:
        """Read on until something was said."""
        end = time.monotonic() + limit_s
        while not re.search(pattern, self.said):
            assert time.monotonic() < end and self._read(end), self.said.decode()

    def type(self, keys: bytes) -> None:
        os.write(self._handle, keys)

    def end(self, limit_s: float = 60) -> int:
        """Read to the end; return how the shell ended, a signal as its negative number."""
        end = time.monotonic() + limit_s
        while self._read(end):
            assert time.monotonic() < end, self.said.decode()
        return self.running.wait(limit_s)

    def lines(self) -> list[str]:
        """Return what stands there; the terminal's own echo of ^C is no word of ours."""
        text = self.said.decode().replace("^C", "")
        return [line for line in text.splitlines() if line]

    def _read(self, end: float) -> bytes:
        if not select.select([self._handle], [], [], max(0.0, end - time.monotonic()))[0]:
            return b""
        try:
            data = os.read(self._handle, 4096)
        except OSError:  # EIO: the last one inside is gone
            return b""
        self.said += data
        return data


def loop(argv: list[str]) -> str:
    """Return a loop that a person would want to stop with one ^C."""
    return f"for n in 1 2 3; do echo turn-$n; {shlex.join(argv)}; done; echo after"
