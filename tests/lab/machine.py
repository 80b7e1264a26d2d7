"""A machine of one's own: systemd as PID 1 in namespaces, so that units really start.

Its /etc/systemd/system, /run, cgroups and timer stamps are private; files elsewhere are the host's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BOOT = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/units
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /etc/systemd/system
mount -t tmpfs tmpfs /var/lib/systemd
for name in default sysinit basic timers shutdown network-online umount; do
    printf '[Unit]\\nDefaultDependencies=no\\n' > /run/units/$name.target
done
printf 'Requires=timers.target\\n' >> /run/units/default.target
# No trailing colon: it would add the distribution's units.
export SYSTEMD_UNIT_PATH=/etc/systemd/system:/run/units
exec /lib/systemd/systemd --system --unit=default.target --log-target=console
"""
_UNSHARE = [
    "unshare", "--cgroup", "--pid", "--fork", "--kill-child=KILL", "--mount", "--uts", "--ipc",
    "--mount-proc",
]  # fmt: skip


def program(name: str, package: str) -> str:
    """Return a program's path; fail, naming the package, where it is not there."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/lib/systemd")
    assert found, f"{name} is missing: apt install {package}"
    return found


def console_script(name: str) -> str:
    """Return one of our own programs, installed beside this Python."""
    path = Path(sys.executable).with_name(name)
    assert path.is_file(), f"{path} is missing: pip install -e ."
    return str(path)


@dataclass(frozen=True)
class Machine:
    """The running machine; `init_pid` is its PID 1 as we see it."""

    init_pid: int

    def run(
        self, *argv: str, env: dict[str, str] | None = None, timeout_s: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside."""
        return subprocess.run(
            ["nsenter", "-t", str(self.init_pid), "-a", *argv],
            capture_output=True, text=True, timeout=timeout_s, check=False,
            env=None if env is None else {**os.environ, **env},
        )  # fmt: skip

    def unit(self, name: str, text: str) -> None:
        """Put a unit there and let the manager read it."""
        self.run("sh", "-c", f"cat > /run/units/{name} <<'END'\n{text}\nEND")
        assert self.run("systemctl", "daemon-reload").returncode == 0


@contextmanager
def booted() -> Iterator[Machine]:
    """Boot a machine; it is gone when the block ends, also by kill -9 of this process."""
    program("systemd", "systemd")
    with tempfile.TemporaryFile() as log:
        outer = subprocess.Popen(
            [*_UNSHARE, "sh", "-c", _BOOT], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            machine = Machine(_child(outer.pid))
            deadline = time.monotonic() + 20
            while machine.run("systemctl", "is-system-running").stdout.strip() != "running":
                log.seek(0)
                assert time.monotonic() < deadline, log.read().decode(errors="replace")
                time.sleep(0.1)
            yield machine
        finally:
            outer.kill()
            outer.wait()


def _child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline = time.monotonic() + 10
    while not (found := children.read_text().split()):
        assert time.monotonic() < deadline, "the namespaces did not start"
        time.sleep(0.02)
    return int(found[0])
