"""The sandbox's walls as the kernel has them: flags, size, and nothing left, whatever ended us."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from msptool.backup.walls import sandbox
from msptool.backup.walls.sandbox import Sandbox
from tests.lab.backup.test_stopping import wait_for

pytestmark = pytest.mark.lab
_WALLS = os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC
_USER = 65534


@pytest.fixture
def root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: mounts")


def mounts() -> str:
    return Path("/proc/self/mounts").read_text()


def in_child(code: str, *words: str, before: tuple[str, ...] = ()) -> str:
    """Run Python in a process of its own: a mount namespace belongs to the whole process."""
    done = subprocess.run(
        [*before, sys.executable, "-c", code, *words],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


TELL = """
import os, sys
from pathlib import Path
from msptool.backup.walls import sandbox
with sandbox.opened(Path(sys.argv[1])) as box, box.target() as target:
    (target / "file").write_text("x")
    print(box.kind, os.statvfs(target).f_flag & 14, repr(box.why))
"""


def check_image(box: Sandbox, target: Path) -> None:
    assert box.kind == "image" and os.statvfs(target).f_flag & _WALLS == _WALLS
    script = target / "script"
    script.write_text("#!/bin/sh\necho ran\n")
    script.chmod(0o4755)
    with pytest.raises(PermissionError):
        subprocess.run([script], check=True)
    os.mknod(target / "null", 0o20666, os.makedev(1, 3))
    with pytest.raises(PermissionError):
        (target / "null").write_bytes(b"x")


def test_as_root_it_is_an_image_that_runs_nothing_and_nobody_else_sees(
    tmp_path: Path, root: None
) -> None:
    before, here, home = mounts(), Path.cwd(), os.readlink("/proc/self/ns/mnt")  # noqa: PTH115
    with sandbox.opened(tmp_path) as box, box.target() as target:
        check_image(box, target)
        seen = Path(f"/proc/{os.getppid()}/root{target}")
        assert not seen.exists(), "the machine itself must not see it"
    assert (mounts(), Path.cwd()) == (before, here)
    assert os.readlink("/proc/self/ns/mnt") == home  # noqa: PTH115
    assert list(tmp_path.iterdir()) == []


def test_it_is_limited_in_size_and_keeps_the_reserve(tmp_path: Path, root: None) -> None:
    """A disk of 200 MiB: what was not foreseen stops at the walls, and the reserve stays free."""
    told = in_child(
        """
import os, subprocess, sys
from pathlib import Path
from msptool.backup.walls import private, sandbox
place = Path(sys.argv[1])
with private.namespace():
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=0700", "none", place], check=True)
    with sandbox.opened(place) as box, box.target() as target:
        assert box.kind == "image", box.why
        assert box.lacks_bytes(150 << 20) == 0 and box.lacks_bytes(195 << 20) > 0
        assert box.lacks_names(10_000) == 0 and box.lacks_names(100_000) > 0
        try:
            with open(target / "bomb", "wb") as bomb:
                while True:
                    bomb.write(bytes(1 << 20))
        except OSError as error:
            os.sync()
            left = os.statvfs(place)
            print(error.errno, left.f_bavail * left.f_frsize >= 9 << 20)
    assert list(place.iterdir()) == []
""",
        str(tmp_path),
    )
    assert told == "28 True"


def test_kill_9_leaves_no_mount_no_loop_device_and_no_image(tmp_path: Path, root: None) -> None:
    before = mounts()
    code = TELL + "    sys.stdout.flush(); import time; time.sleep(60)"
    running = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None and running.stdout.readline().startswith("image 14")
    assert in_use(tmp_path)
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    wait_for(lambda: not in_use(tmp_path))
    assert mounts() == before
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 1000]
    assert left == []
    with sandbox.opened(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def in_use(place: Path) -> bool:
    """Tell whether a loop device holds a file below a place."""
    for path in Path("/sys/block").glob("loop*/loop/backing_file"):
        with suppress(OSError):  # it was freed while we looked
            if path.read_text().startswith(str(place)):
                return True
    return False


def test_without_loop_devices_it_is_a_bind_mount(tmp_path: Path, root: None) -> None:
    """Root of a user namespace may mount folders, and no images of file systems."""
    told = in_child(TELL, str(tmp_path), before=("unshare", "-rm", "--"))
    assert told.startswith(f"bind {_WALLS} ") and "mount" in told


def test_a_user_without_rights_gets_a_closed_folder(tmp_path: Path, root: None) -> None:
    place = Path("/tmp") / f"msptool-walls-{os.getpid()}"  # noqa: S108 - pytest's is closed to it
    place.mkdir(mode=0o700)
    os.chown(place, _USER, _USER)
    dropped = ("setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--")
    try:
        told = in_child(TELL, str(place), before=dropped)
    finally:
        place.rmdir()
    assert told == "folder 0 'unshare: Operation not permitted'"


def test_under_a_system_call_filter_it_is_a_closed_folder(tmp_path: Path) -> None:
    """NoNewPrivileges and no CAP_SYS_ADMIN, as the units for systemd have it."""
    if os.geteuid() != 0:
        pytest.skip("needs root: dropping rights")
    walls = ("setpriv", "--bounding-set=-sys_admin", "--no-new-privs", "--")
    assert in_child(TELL, str(tmp_path), before=walls).startswith("folder 0 ")


def test_what_was_removed_is_room_for_the_next(tmp_path: Path, root: None) -> None:
    """A disk of 200 MiB takes 120 MiB again and again."""
    told = in_child(
        """
import os, subprocess, sys
from pathlib import Path
from msptool.backup.walls import private, sandbox
place = Path(sys.argv[1])
with private.namespace():
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=0700", "none", place], check=True)
    with sandbox.opened(place) as box:
        assert box.kind == "image", box.why
        for _ in range(3):
            assert box.lacks_bytes(120 << 20) == 0
            with box.target() as target:
                (target / "file").write_bytes(os.urandom(120 << 20))
                os.sync()
                assert box.lacks_bytes(120 << 20) > 0
        print(box.lacks_bytes(120 << 20))
""",
        str(tmp_path),
    )
    assert told == "0"


def test_restores_within_leave_the_process_where_it_was(tmp_path: Path, root: None) -> None:
    """Twice, from a folder of its own, with a thread at work meanwhile."""
    told = in_child(
        """
import os, sys, threading
from pathlib import Path
from msptool.backup.walls import sandbox
os.chdir(sys.argv[1])
ended = threading.Event()
thread = threading.Thread(target=ended.wait)
thread.start()
home = os.readlink("/proc/thread-self/ns/mnt")
for _ in range(2):
    with sandbox.opened(Path("box")) as box:
        assert box.kind == "image", box.why
    assert os.readlink("/proc/thread-self/ns/mnt") == home
ended.set()
thread.join()
print(os.getcwd())
""",
        str(tmp_path),
    )
    assert told == str(tmp_path)
