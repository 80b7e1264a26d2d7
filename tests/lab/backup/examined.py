"""Run the meaning probes on a restored tree as another program would, as whoever is wanted.

As a program: `examined.py BASE` examines BASE/tree with the job in BASE/job.json and prints what
it came to as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from msptool.backup import manifest, probes
from msptool.backup.patterns import Excludes
from msptool.backup.walk import walk
from msptool.profile import trust
from msptool.profile.shape import Job
from msptool.workspace import Workspace

NOBODY = 65534
_CANARY = "canary-7f3a55"
# What an ordinary user may not enter, our Python may lie in: show that much of it.
_LEAVE = """
set -e
umask 022
if ! setpriv --reuid=65534 --regid=65534 --clear-groups -- test -x "$2"; then
    mount --make-rprivate /
    mkdir -p "$1/home"
    mount --rbind "$3" "$1/home"
    mount -t tmpfs -o mode=755 none "/$(echo "$3" | cut -d/ -f2)"
    mkdir -p "$3"
    mount --rbind "$1/home" "$3"
fi
umask 077
exec setpriv --reuid=65534 --regid=65534 --clear-groups -- "$2" "$4" "$1"
"""


@dataclass
class Case:
    """A restored tree to examine; `ordinary`: as an ordinary user, also where we are root."""

    base: Path
    ordinary: bool = False
    job: dict[str, Any] = field(default_factory=dict)

    @property
    def tree(self) -> Path:
        return self.base / "tree"

    @property
    def canary(self) -> Path:
        return self.base / "secrets" / "canary"

    def file(self, path: str, data: bytes) -> Path:
        """Put a file into the restored tree, readable for its owner only."""
        made = self.tree / path.lstrip("/")
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(data)
        made.chmod(0o600)
        return made

    def start(self) -> "subprocess.Popen[str]":
        job = {"repository": "nas", **self.job}
        (self.base / "job.json").write_text(json.dumps(job))
        argv = [sys.executable, str(Path(__file__).resolve()), str(self.base)]
        if self.ordinary and os.geteuid() == 0:
            subprocess.run(["chown", "-Rh", f"{NOBODY}:{NOBODY}", self.base], check=True)
            hidden = str(Path(sys.executable).resolve().parent.parent)
            argv = ["unshare", "-m", "sh", "-c", _LEAVE, "sh",
                    str(self.base), sys.executable, hidden, argv[1]]  # fmt: skip
        env = {**os.environ, "XDG_STATE_HOME": str(self.base / "state"),
               "PYTHONPATH": str(Path(__file__).parents[3])}  # fmt: skip
        # As closed as a timer's unit has it.
        return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=env, umask=0o077)

    def examine(self) -> probes.Examined:
        with self.start() as program:
            told, _ = program.communicate(timeout=200)
        assert program.returncode == 0
        return msgspec.json.decode(told, type=probes.Examined)

    def one(self) -> probes.Probed:
        """Examine a tree that needs one probe."""
        examined = self.examine()
        assert examined.skipped == 0
        (probed,) = examined.probed
        return probed


@contextmanager
def case(*, ordinary: bool) -> Iterator[Case]:
    """Yield a case below /tmp, since pytest's own folder is closed to an ordinary user."""
    base = Path("/tmp") / f"msptool-cell-{os.getpid()}"
    made = Case(base, ordinary)
    made.tree.mkdir(parents=True)
    base.chmod(0o755)
    try:
        (base / "client.yaml").write_text("msptool: 1\n")
        made.canary.parent.mkdir(mode=0o700)
        made.canary.write_text(_CANARY)
        yield made
    finally:
        shutil.rmtree(base)


def main() -> None:
    base = Path(sys.argv[1])
    workspace = Workspace(base)
    trust.trust(workspace)
    told = {}
    for seen in walk([str(base / "tree")], Excludes(())):
        entry = manifest.entry_of(seen)
        path = entry.path.removeprefix(str(base / "tree")) or "/"
        told[path] = msgspec.structs.replace(entry, path=path)
    given = json.loads((base / "job.json").read_text())
    extra = {name: given.pop(name) for name in ("expected", "earlier", "budget_s") if name in given}
    asked = probes.Asked(
        tree=base / "tree",
        entries=tuple(told.values()),
        job=msgspec.convert(given, Job),
        workspace=workspace,
        scratch=base / "scratch",
        **{"budget_s": 150.0, **extra},
    )
    sys.stdout.buffer.write(msgspec.json.encode(probes.examine(asked)))


if __name__ == "__main__":
    main()
