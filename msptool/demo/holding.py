"""Starting the holder and talking to it: the thin call between a plan and its namespaces."""

import json
import os
import select
import sys
from pathlib import Path
from typing import IO, Any

from msptool import process
from msptool.demo import tools
from msptool.errors import ToolFailed, ToolMissing

_ROOT = Path(__file__).resolve().parents[2]
_CODE = (
    "import sys; sys.path.insert(0, sys.argv[1]);from msptool.demo.holder.main import main; main()"
)
_REFUSED_HINT = (
    "allow them (sysctl kernel.apparmor_restrict_unprivileged_userns=0; in a container: "
    "--cap-add SYS_ADMIN --security-opt apparmor=unconfined), or run it through sudo"
)


def argv(mark: str) -> list[str]:
    """Return the command that makes the namespaces and runs the holder as PID 1 in them.

    It dies with its parent twice over: SIGKILL at the parent's death, and end of input. `mark`
    ends it and does nothing: `running` finds the site by it.
    """
    return [
        *(process.find("setpriv", package="util-linux"), "--pdeathsig", "KILL", "--"),
        *(tools.find("unshare").path, "-Urnm", "--map-root-user", "--uts", "--ipc", "--pid"),
        *("--fork", "--kill-child=KILL", "--mount-proc", "--"),
        *(sys.executable, "-SE", "-c", _CODE, str(_ROOT), mark),
    ]


class Holder:
    """The running PID 1, seen from outside. `pid` counts in our own pid namespace."""

    def __init__(self, job: dict[str, Any], mark: str) -> None:
        stdin, orders = os.pipe()
        answers, stdout = os.pipe()
        complaints = os.memfd_create("complaints")
        try:
            self._child = process.background(
                argv(mark), stdin_fd=stdin, stdout_fd=stdout, stderr_fd=complaints
            )
        finally:
            os.close(stdin)
            os.close(stdout)
        self._orders: IO[str] = os.fdopen(orders, "w", encoding="utf-8")
        self._answers: IO[str] = os.fdopen(answers, "r", encoding="utf-8")
        self._complaints: IO[str] = os.fdopen(complaints, "r", errors="replace")
        try:
            self.pids: dict[str, int] = self.ask(job)["pids"]
            self.pid = self._inner_pid()
        except BaseException:
            self.stop()
            raise

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Give an order and return the answer; raise ToolFailed if it was not carried out."""
        try:
            self._orders.write(json.dumps(order) + "\n")
            self._orders.flush()
            line = self._answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise self._death()
        answer: dict[str, Any] = json.loads(line)
        if not answer["ok"]:
            raise ToolFailed("demo.failed", f"the practice network: {answer['why']}")
        return answer

    def stop(self) -> None:
        """End the site and wait until it is gone."""
        for pipe in (self._orders, self._answers, self._complaints):
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        self._child.wait()

    def watch(self, other_fd: int) -> bool:
        """Wait until the site ends by itself (True) or `other_fd` has something to read."""
        answers = self._answers.fileno()
        ready, _, _ = select.select([answers, other_fd], [], [])
        return answers in ready

    def _death(self) -> ToolMissing | ToolFailed:
        """Say why there is no answer: the kernel refused, or the holder crashed."""
        self._child.wait()
        self._complaints.seek(0)
        said = self._complaints.read().strip()
        last = said.splitlines()[-1] if said else "no word"
        if "unshare:" in said:
            return ToolMissing(
                "demo.namespaces-refused",
                f"this kernel refuses user namespaces ({last})",
                hint=_REFUSED_HINT,
            )
        return ToolFailed("demo.failed", f"the practice network ended: {last}")

    def _inner_pid(self) -> int:
        """Return the pid of the holder, the only child of `unshare`."""
        import psutil

        return int(psutil.Process(self._child.pid).children()[0].pid)
