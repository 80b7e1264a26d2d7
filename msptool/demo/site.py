"""The running site: start it, run programs on the laptop, break and mend things, stop it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msptool import clock, process
from msptool.demo import job, mending, running, tools
from msptool.demo.blueprint import Blueprint
from msptool.demo.holding import Holder
from msptool.demo.plan import blueprint
from msptool.demo.telling import truth as told
from msptool.demo.truth import Truth
from msptool.errors import ToolFailed


class Site:
    """A practice network for one truth; a context manager that starts and stops it.

    It dies with the process and, as PDEATHSIG has it, with the *thread* that started it.
    """

    def __init__(self, truth: Truth) -> None:
        self._print: Blueprint = blueprint(truth.seed, truth.today)
        self._whole = self._print
        self._holder: Holder | None = None

    @property
    def truth(self) -> Truth:
        """The truth as it is now: what was mended or planted since the start is in it."""
        return told(self._print)

    @property
    def holder_pid(self) -> int:
        """The pid of PID 1 of the site, in our own pid namespace."""
        return self._running().pid

    def start(self) -> Self:
        """Bring it up and wait until every program answers.

        Raises ToolMissing where the kernel refuses namespaces or a program is not here.
        """
        tools.require_all()
        self._holder = Holder(job.job(self._print, tools.find), running.mark(self._print.seed))
        return self

    def stop(self) -> None:
        """End it; nothing is left behind."""
        if self._holder is not None:
            self._holder.stop()
            self._holder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def argv(self, argv: Sequence[str], *, cwd: Path | None = None) -> list[str]:
        """Return the words that run a program on the engineer's laptop, in `cwd` or here."""
        return enter(self.holder_pid, argv, cwd=cwd)

    def host_argv(self, host: str, argv: Sequence[str]) -> list[str]:
        """Return the words that run a program inside a host."""
        pid = str(self._running().pids[host])
        inner = [tools.find("nsenter").path, "-t", pid, "-n", "-u", "-m", "--", *argv]
        return self.argv(inner)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float = 60.0,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> process.Done:
        """Run a program on the laptop to its end."""
        words = self.argv(argv, cwd=cwd)
        return process.run(words, timeout_s=timeout_s, stdin=stdin, env=env)

    def power(self, host: str, *, on: bool) -> None:
        """Switch a host off (its link goes down) or on again (and wait until it answers)."""
        self._running().ask({"do": "power", "role": host, "on": on})

    def mend(self, check: str, host: str, part: str = "") -> None:
        """Take a fault away; raise UsageError if there is none, or none that can be mended."""
        self._change(mending.mend(self._print, check, host, part, clock.epoch_s()))

    def plant(self, check: str, host: str, part: str = "") -> None:
        """Put a fault of this seed back that was mended; raise UsageError if there was none."""
        self._change(mending.restore(self._print, self._whole, check, host, part))

    def ssh_key(self) -> str:
        """Return the private key that the site's sshds let in as `services.ssh.USER`."""
        return job.ssh_key(self._print)

    def wait(self, stdin_fd: int) -> None:
        """Return at the end of an input; raise ToolFailed if the site ends before it."""
        while not self._running().watch(stdin_fd):
            if not os.read(stdin_fd, 65536):
                return
        raise ToolFailed("demo.ended", "the practice network ended by itself")

    def log(self, host: str, program: str) -> str:
        """Return the end of a program's log."""
        order = {"do": "log", "role": host, "name": program}
        return str(self._running().ask(order)["text"])

    def _change(self, changed: Blueprint) -> None:
        for old, new in zip(self._print.hosts, changed.hosts, strict=True):
            if old != new:
                order = {"do": "apply", "host": job.host(changed, new, tools.find)}
                self._running().ask(order)
        self._print = changed

    def _running(self) -> Holder:
        if self._holder is None:
            raise RuntimeError("the site is not running")
        return self._holder


def enter(holder_pid: int, argv: Sequence[str], *, cwd: Path | None = None) -> list[str]:
    """Return the words that run a program on the laptop of a running site.

    It runs in `cwd`, else in this working folder, and is hung up on when `nsenter` goes.
    """
    into = ("-U", "--preserve-credentials", "-m", "-n", "-p", "-u", "-i")
    setpriv = process.find("setpriv", package="util-linux")
    return [
        *(tools.find("nsenter").path, "-t", str(holder_pid), *into, f"--wd={cwd or Path.cwd()}"),
        *("--", setpriv, "--pdeathsig", "HUP", "--", *argv),
    ]
