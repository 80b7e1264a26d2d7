"""What flows between two programs: whole and hashed, or never taken for the whole."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msptool.errors import ToolMissing
from msptool.process import SecretFile, pipe
from tests.lab.core.test_process import gone, pids, wait_for

pytestmark = pytest.mark.lab
SH = "/bin/sh"
# What restic is: a consumer that leaves something behind once it sees the end of its input.
TAKES = 'cat > "$1.part" && mv "$1.part" "$1"; echo done'


def flow(code: str, target: Path, *, limit_s: float = 20, takes: str = TAKES) -> pipe.Piped:
    return pipe.run([SH, "-c", code], [SH, "-c", takes, "sh", str(target)], timeout_s=limit_s)


def test_what_flows_is_counted_hashed_and_whole(tmp_path: Path) -> None:
    data = os.urandom(5_000_000)
    (tmp_path / "in").write_bytes(data)
    heard: list[int] = []
    done = pipe.run(
        ["/bin/cat", str(tmp_path / "in")],
        [SH, "-c", TAKES, "sh", str(tmp_path / "out")],
        timeout_s=20, on_bytes=heard.append,
    )  # fmt: skip
    assert done.whole and done.producer.ok and done.consumer.ok
    assert done.sha256 == hashlib.sha256(data).hexdigest()
    assert done.size_bytes == sum(heard) == len(data)
    assert (tmp_path / "out").read_bytes() == data
    assert done.consumer.stdout == b"done\n" and done.producer.argv[0] == "/bin/cat"


def test_nothing_at_all_has_no_end(tmp_path: Path) -> None:
    done = flow("exit 0", tmp_path / "out")
    assert (done.broke, done.told, done.producer.returncode) == ("producer", False, 0)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("echo half; echo 'no more' >&2; exit 3", 3),
        ("echo half; kill -9 $$", -signal.SIGKILL),
        ("exit 1", 1),
    ],
)
def test_a_producer_that_fails_is_never_taken_for_the_whole(
    tmp_path: Path, code: str, ended: int
) -> None:
    done = flow(code, tmp_path / "out")
    assert done.broke == "producer" and done.producer.returncode == ended
    assert not (tmp_path / "out").exists()
    assert done.consumer.returncode == -signal.SIGINT


@pytest.mark.parametrize("code", ["echo half; sleep 60", "echo half; exec >&-; sleep 60"])
def test_a_producer_that_hangs_is_stopped_with_its_group(tmp_path: Path, code: str) -> None:
    pid = tmp_path / "pid"
    started_s = time.monotonic()
    done = flow(f"sleep 70 & echo $$ $! > {pid}; {code}", tmp_path / "out", limit_s=0.5)
    assert done.producer.timed_out and done.broke == "time" and not done.told
    assert time.monotonic() - started_s < 10
    assert not (tmp_path / "out").exists() and gone(pids(pid.read_bytes()))


def test_a_consumer_that_ends_early_stops_the_producer(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    done = flow(f"echo $$ > {pid}; cat /dev/zero", tmp_path / "out", takes="head -c 9; exit 4")
    assert done.broke == "consumer" and done.consumer.returncode == 4
    assert gone(pids(pid.read_bytes()))


def test_a_consumer_that_does_not_read_is_stopped_in_time(tmp_path: Path) -> None:
    done = flow("cat /dev/zero", tmp_path / "out", limit_s=0.5, takes="sleep 60")
    assert done.consumer.timed_out and not done.whole


def test_memory_is_bounded_whatever_flows_and_is_said(tmp_path: Path) -> None:
    code = (
        "from msptool.process import pipe\n"
        "say = 'head -c 200000000 /dev/zero; head -c 50000000 /dev/zero >&2'\n"
        "done = pipe.run(['/bin/sh', '-c', say], ['/bin/sh', '-c', 'cat >/dev/null'],"
        " timeout_s=60)\n"
        "assert done.whole and done.size_bytes == 200000000\n"
        # Not ru_maxrss: it remembers the process that started this one.
        "told = open('/proc/self/status').read().split('VmHWM:')[1].split()[0]\n"
        "print(told)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert int(said.stdout) < 120_000


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_taken_for_the_whole_when_we_are_killed(
    tmp_path: Path, how: signal.Signals
) -> None:
    both = f"echo $$ > {tmp_path}/%s; "
    give, take = (both % "give") + "echo half; sleep 60", (both % "take") + TAKES
    code = (
        "import sys; from msptool.process import pipe\n"
        f"pipe.run(['/bin/sh', '-c', {give!r}],"
        f" ['/bin/sh', '-c', {take!r}, 'sh', {str(tmp_path / 'out')!r}], timeout_s=60)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    started = wait_for(tmp_path / "give") + wait_for(tmp_path / "take")
    time.sleep(0.2)
    running.send_signal(how)
    running.wait(10)
    assert gone(started)
    time.sleep(0.3)
    assert not (tmp_path / "out").exists()


def test_secrets_reach_a_producer_by_files_that_only_we_may_read(tmp_path: Path) -> None:
    done = pipe.run(
        [SH, "-c", 'stat -Lc %a "$PASS"; cat "$PASS" /proc/self/environ; cat "$PASS" >&2'],
        ["/bin/cat"],
        timeout_s=20,
        producer_env={"PASS": SecretFile("hunter2")},
    )
    assert done.consumer.stdout.startswith(b"600\nhunter2")
    assert done.consumer.stdout.count(b"hunter2") == 1
    assert done.producer.stderr == b"[redacted]"


def test_a_program_that_is_missing(tmp_path: Path) -> None:
    done = flow("/nowhere/at/all", tmp_path / "out")
    assert done.producer.returncode == 127 and not done.whole
    with pytest.raises(ToolMissing):
        pipe.run(["/bin/true"], ["/bin/cat"], timeout_s=5, cwd=tmp_path / "none")
