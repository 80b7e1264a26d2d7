"""Files under kills, a full disk and inside a user namespace."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msptool import files
from msptool.errors import Busy

pytestmark = pytest.mark.lab
KILLS = 60 if os.environ.get("MSPTOOL_FULL") else 12

WRITER = """
import sys
from pathlib import Path
from msptool import files
folder = Path(sys.argv[1])
for number in range(10**6):
    files.write(folder / "whole", str(number % 10).encode() * 20000)
    files.append(folder / "lines", b"%d\\n" % number)
    print(number, flush=True)
"""


def test_kill_9_leaves_the_old_or_the_new_and_loses_nothing(tmp_path: Path) -> None:
    draw = random.Random(5)
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None and writer.stdout.readline() == b"0\n"
        time.sleep(draw.uniform(0, 0.1))
        writer.send_signal(signal.SIGKILL)
        said = [0, *(int(line) for line in writer.stdout.read().split(b"\n")[:-1] if line)]
        writer.wait()
        writer.stdout.close()
        whole = (tmp_path / "whole").read_bytes()
        assert whole == whole[:1] * 20000
        kept = (tmp_path / "lines").read_bytes().split(b"\n")
        assert {str(number).encode() for number in said} <= set(kept)
        (tmp_path / "lines").unlink()


HOLDER = """
import sys, time
from pathlib import Path
from msptool import files
with files.lock(Path(sys.argv[1]), what="audit run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_free_after_kill_9_and_not_held_by_children(tmp_path: Path) -> None:
    path = tmp_path / "acme" / ".msptool" / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    told = f"audit run since .*Z, pid {holder.pid}"
    with pytest.raises(Busy, match=told), files.lock(path, what="backup run"):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    for _ in range(20):
        with files.lock(path, what="backup run"):
            child = subprocess.Popen(["/bin/sleep", "5"], close_fds=False)
        try:
            with files.lock(path, what="another"):
                pass
        finally:
            child.kill()
            child.wait()


RACER = """
import sys
from pathlib import Path
from msptool import files
from msptool.errors import Busy
sys.stdin.readline()
try:
    with files.lock(Path(sys.argv[1]), what="run"):
        print("ran", flush=True)
        sys.stdin.readline()
except Busy as busy:
    sys.exit(busy.exit)
"""


def test_of_many_starts_one_runs(tmp_path: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path / "a" / "lock")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(12)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(b"\n")
        racer.stdin.flush()
    deadline = time.monotonic() + 20
    while sum(racer.poll() is None for racer in racers) > 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    codes = [racer.poll() for racer in racers]
    said = [racer.communicate(b"\n")[0] for racer in racers]
    assert sorted(codes, key=str) == [6] * 11 + [None]
    assert sorted(said) == [b""] * 11 + [b"ran\n"]


# Inside: a disk of 256 KiB, filled by what is written to it.
FULL = """
import os, sys
from pathlib import Path
from msptool import files
from msptool.errors import DiskError
disk = Path(sys.argv[1])
files.write(disk / "old", b"old")
files.append(disk / "lines", b"first\\n")
(disk / "filler").write_bytes(b"x" * 4096)
with (disk / "filler").open("ab", buffering=0) as filler:
    try:
        while True:
            filler.write(b"x" * 4096)
    except OSError:
        pass
before = sorted(os.listdir(disk))
for attempt in (
    lambda: files.write(disk / "old", b"new" * 9000),
    lambda: files.write(disk / "new", b"new" * 9000),
    lambda: files.create(disk / "new", b"new" * 9000),
    lambda: files.append(disk / "lines", b"second " * 9000 + b"\\n"),
):
    try:
        attempt()
    except DiskError as error:
        assert error.exit == 74 and error.place.file.startswith(str(disk)), error
    else:
        raise AssertionError("a full disk was not noticed")
assert sorted(os.listdir(disk)) == before, os.listdir(disk)
assert (disk / "old").read_bytes() == b"old"
assert (disk / "lines").read_bytes() == b"first\\n"
(disk / "filler").unlink()
files.append(disk / "lines", b"second\\n")
assert (disk / "lines").read_bytes() == b"first\\nsecond\\n"
"""


def inside(script: str, *words: str, mount: str = "") -> None:
    """Run Python as root of a user namespace of its own, with a small disk mounted if asked."""
    shell = f"{mount}exec {sys.executable} -c '{script}' \"$@\""
    argv = ["unshare", "-Urm", "--map-root-user", "/bin/sh", "-c", shell, "sh", *words]
    done = subprocess.run(argv, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_full_disk_keeps_the_old_and_nothing_half(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=256k,mode=700 none {disk} && "
    inside(FULL.replace("'", '"'), str(disk), mount=mount)


def test_in_a_user_namespace_our_own_is_trusted_and_other_users_files_are_not(
    tmp_path: Path,
) -> None:
    ours = tmp_path / "acme"
    ours.mkdir(mode=0o700)
    trusted = "import sys, pathlib; from msptool import files; "
    inside(trusted + "files.refuse_foreign(pathlib.Path(sys.argv[1]))", str(ours))
    foreign = """
import sys, pathlib
from msptool import files
from msptool.errors import UnsafeError
path = pathlib.Path(sys.argv[1])
assert path.stat().st_uid == 65534, path.stat().st_uid
try:
    files.refuse_foreign(path)
except UnsafeError:
    sys.exit(0)
sys.exit(1)
"""
    if os.geteuid() == 0:
        os.chown(ours, 1234, -1)
        inside(foreign, str(ours))
    else:
        inside(foreign, "/etc")
