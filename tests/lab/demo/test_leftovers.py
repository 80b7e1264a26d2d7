"""However the parent of a site ends, nothing is left: no process, no file, no mount."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from msptool.demo import running

pytestmark = pytest.mark.lab
SEED = 4242


def start(tmp_path: Path) -> "subprocess.Popen[bytes]":
    """Start a site in a process of its own; return once it is up."""
    child = subprocess.Popen(
        [sys.executable, "-m", "msptool", "demo", "start", "--seed", str(SEED)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        start_new_session=True,
    )
    assert child.stdout is not None
    line = child.stdout.readline()
    assert line.startswith(b"HOST"), child.communicate()
    return child


def left(tmp_path: Path) -> list[str]:
    """Return what is left of the site, waiting a moment for the kernel to finish."""
    found: list[str] = []
    for _ in range(100):
        found = [*processes(), *(str(path) for path in tmp_path.rglob("*"))]
        if not found:
            break
        time.sleep(0.02)
    return found


def processes() -> list[str]:
    """Return every process that carries the site's mark."""
    word = running.mark(SEED).encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:
            continue
        if word in line:
            found.append(line.decode(errors="replace"))
    return found


@pytest.mark.parametrize("which", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_nothing(tmp_path: Path, which: signal.Signals) -> None:
    child = start(tmp_path)
    inside = namespace_members()
    assert len(inside) > 30
    child.send_signal(which)
    code = child.wait(10)
    child.communicate()
    assert code == -which
    assert left(tmp_path) == []
    assert [pid for pid in inside if alive(pid)] == []


def namespace_members() -> list[int]:
    """Return all processes in the pid namespace of the site."""
    holder = running.find(SEED)
    assert holder is not None
    wanted = Path(f"/proc/{holder}/ns/pid").readlink()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "ns/pid").readlink() == wanted:
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def alive(pid: int) -> bool:
    """Whether a process still runs after a second; a zombie does not, its reaper is only slow."""
    for _ in range(50):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False
        if "State:\tZ" in status:
            return False
        time.sleep(0.02)
    print(status, Path(f"/proc/{pid}/cmdline").read_bytes())
    return True


def test_end_of_input_ends_it_with_0(tmp_path: Path) -> None:
    child = start(tmp_path)
    child.communicate(b"")
    assert child.returncode == 0
    assert left(tmp_path) == []


def test_exec_enters_a_running_site_and_passes_the_code_on(tmp_path: Path) -> None:
    child = start(tmp_path)
    try:
        argv = [sys.executable, "-m", "msptool", "demo", "exec", "--seed", str(SEED), "--"]
        same = "readlink /proc/self/ns/net; exit 7"
        done = subprocess.run([*argv, "sh", "-c", same], capture_output=True, check=False)
        holder = running.find(SEED)
        assert done.returncode == 7, done.stderr
        assert done.stdout.decode().strip() == str(Path(f"/proc/{holder}/ns/net").readlink())
    finally:
        child.communicate(b"")
    assert running.find(SEED) is None


def test_exec_without_a_site_starts_one_for_the_command(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "msptool", "demo", "exec", "--seed", str(SEED), "--", "cat"]
    done = subprocess.run(argv, input=b"through\n", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"through\n")
    assert left(tmp_path) == []


def test_a_stopped_exec_takes_its_command_along(tmp_path: Path) -> None:
    child = start(tmp_path)
    try:
        argv = [sys.executable, "-m", "msptool", "demo", "exec", "--seed", str(SEED), "--"]
        script = "import time; print('up', flush=True); time.sleep(60)"
        entered = subprocess.Popen([*argv, sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert entered.stdout is not None
        assert entered.stdout.readline() == b"up\n"
        before = namespace_members()
        entered.terminate()
        assert entered.wait(5) == -signal.SIGTERM
        entered.communicate()
        assert settled(lambda: len(namespace_members()) < len(before))
    finally:
        child.communicate(b"")


def settled(condition: Callable[[], bool]) -> bool:
    for _ in range(100):
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_kernel_that_refuses_namespaces_is_one_line_and_4() -> None:
    """A user namespace whose own limit is 0 stands for a kernel that refuses."""
    no_more = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    argv = [sys.executable, "-m", "msptool", "demo", "start", "--seed", str(SEED)]
    refusing = ["unshare", "-Ur", "sh", "-c", no_more, "sh"]
    done = subprocess.run([*refusing, *argv], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 4, done.stderr
    head, hint = done.stderr.decode().splitlines()
    assert head.startswith("error[demo.namespaces-refused]:")
    assert "sudo" in hint
