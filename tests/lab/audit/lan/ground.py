"""The running LAN, seen from outside: start it, run commands on its laptop, read its counters."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import msgspec
import psutil
from msgspec import Struct

from msptool.demo.site import enter
from tests.lab.audit.lan.truth import Lan

ROOT = Path(__file__).parents[4]
TRUTH = "MSPTOOL_LAN_TRUTH"
_MODULE = "tests.lab.audit.lan.inside.holder"


class Most(Struct, frozen=True):
    """The fullest second: packets sent in it, when it began, their kinds."""

    count: int
    at_s: float
    kinds: Mapping[str, int]
    sent: int = 0
    last_s: float = 0.0


class Touched(Struct, frozen=True):
    """What a fragile port got."""

    address: str
    port: int
    accepted: int
    bytes: int


class Counted(Struct, frozen=True):
    """What left the laptop, and what came to fragile ports. `lost`: packets that went uncounted."""

    sent: int = 0
    lost: int = 0
    sum: Most = Most(0, 0.0, {})
    hosts: Mapping[str, Most] = {}
    kinds: Mapping[str, int] = {}
    fragile: tuple[Touched, ...] = ()

    @property
    def worst(self) -> tuple[str, Most]:
        """The host with the fullest second."""
        none = ("", Most(0, 0.0, {}))
        return max(self.hosts.items(), key=lambda pair: pair[1].count, default=none)

    @property
    def fragile_bytes(self) -> int:
        """How many bytes were written to ports that must get none."""
        return sum(touched.bytes for touched in self.fragile)

    def lines(self) -> Iterator[str]:
        """Tell it."""
        address, worst = self.worst
        yield f"sent {self.sent} {dict(self.kinds)}, uncounted {self.lost}"
        most = self.sum
        yield f"most in a second in sum: {most.count} at {most.at_s} s {dict(most.kinds)}"
        yield f"most to a host: {worst.count} to {address} at {worst.at_s} s {dict(worst.kinds)}"
        yield f"bytes to fragile ports: {self.fragile_bytes} of {len(self.fragile)} ports"


class Count:
    """What a `counting` block counted; empty until its end."""

    def __init__(self) -> None:
        self.told = Counted()


class Ground:
    """A LAN in namespaces; it goes with the process that started it."""

    def __init__(self, lan: Lan) -> None:
        self.lan = lan
        self._child = subprocess.Popen(
            [*_namespaces(), sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._child.stdin is not None and self._child.stdout is not None
        self._orders: IO[str] = self._child.stdin
        self._answers: IO[str] = self._child.stdout
        try:
            self._ask(msgspec.json.encode(lan).decode())
            self._pid = psutil.Process(self._child.pid).children()[0].pid
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it; nothing is left behind."""
        self._orders.close()
        self._child.wait()
        self._answers.close()

    def argv(self, argv: Sequence[str], *, cwd: Path | None = None) -> list[str]:
        """Return the words that run a command on the laptop."""
        return enter(self._pid, argv, cwd=cwd)

    def run(
        self, argv: Sequence[str], *, timeout_s: float = 600.0, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command on the laptop to its end."""
        return subprocess.run(self.argv(argv, cwd=cwd), capture_output=True, timeout=timeout_s)

    @contextmanager
    def counting(self) -> Iterator[Count]:
        """Count what leaves the laptop and what fragile ports get, until the end of the block."""
        count = Count()
        self._ask(json.dumps({"do": "count"}))
        try:
            yield count
        finally:
            told = self._ask(json.dumps({"do": "tally"}))
            count.told = msgspec.convert(told, Counted)

    def _ask(self, line: str) -> dict[str, Any]:
        try:
            self._orders.write(line + "\n")
            self._orders.flush()
        except BrokenPipeError:
            pass  # its last word, or none, says why
        answer = self._answers.readline()
        told: dict[str, Any] = json.loads(answer) if answer else {"ok": False, "why": "it ended"}
        if not told.pop("ok"):
            raise OSError(f"the LAN: {told['why']}")
        return told


def _namespaces() -> list[str]:
    """Everything of it ends with us: killed at our death, and at the end of its input."""
    return [
        *("setpriv", "--pdeathsig", "KILL", "--"),
        *("unshare", "-Urnm", "--map-root-user", "--uts", "--ipc", "--pid"),
        *("--fork", "--kill-child=KILL", "--mount-proc", "--"),
    ]


def environment(truth: Path) -> dict[str, str]:
    """Return the environment of a command on the laptop, with the path of the truth."""
    return {**os.environ, TRUTH: str(truth)}
