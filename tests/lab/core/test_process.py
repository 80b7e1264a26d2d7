"""The gateway with real programs: nothing is left behind, nothing secret is seen."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool import process
from msptool.errors import Stopped, ToolMissing
from msptool.process import SecretFile

pytestmark = pytest.mark.lab
SH = "/bin/sh"


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def gone(pids: list[int], within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, pids))


def pids(text: bytes) -> list[int]:
    return [int(word) for word in text.split()]


def wait_for(path: Path, within_s: float = 10.0) -> list[int]:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if path.exists() and path.read_bytes().endswith(b"\n"):
            return pids(path.read_bytes())
        time.sleep(0.01)
    raise AssertionError(f"{path} never came")


def test_what_a_program_said() -> None:
    done = process.run([SH, "-c", "cat; echo bad >&2; exit 3"], timeout_s=20, stdin=b"in")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"in", b"bad\n")
    assert not (done.ok or done.timed_out or done.cut)
    assert process.run(["/bin/true"], timeout_s=20).ok


def test_more_than_a_pipe_holds_on_all_three_streams() -> None:
    data = os.urandom(1_000_000)
    done = process.run([SH, "-c", "tee /dev/stderr"], timeout_s=60, stdin=data)
    assert done.stdout == done.stderr == data


def test_lines_come_as_they_are_said_and_the_last_one_too() -> None:
    seen: list[bytes] = []
    done = process.run(
        [SH, "-c", "printf 'a\\nb'; sleep 0.05; printf 'c\\n\\nd'"],
        timeout_s=20,
        on_line=seen.append,
    )
    assert seen == [b"a", b"bc", b"", b"d"]
    assert done.stdout == b"a\nbc\n\nd"


def test_one_endless_line_costs_no_more_than_many() -> None:
    seen: list[int] = []
    started = time.process_time()
    process.run(
        [SH, "-c", "head -c 50000000 /dev/zero"],
        timeout_s=60,
        on_line=lambda line: seen.append(len(line)),
    )
    assert seen == [50_000_000]
    assert time.process_time() - started < 3


GROUP = "sleep 60 & sh -c 'trap \"\" TERM; sleep 60; sleep 60' & echo $$ $!; "


def test_time_runs_out_and_the_whole_group_is_gone() -> None:
    started = time.monotonic()
    done = process.run([SH, "-c", GROUP + "wait"], timeout_s=0.5)
    assert done.timed_out and not done.ok
    assert time.monotonic() - started < 0.5 + process.GRACE_S + 2
    assert gone(pids(done.stdout))


def test_children_left_by_a_program_that_ended_are_gone() -> None:
    done = process.run([SH, "-c", "sleep 60 >/dev/null 2>&1 & echo $!"], timeout_s=20)
    assert done.ok and done.seconds < 10
    assert gone(pids(done.stdout))


def test_a_program_that_ignores_the_signal_is_killed() -> None:
    code = "trap '' TERM INT; echo $$; while :; do sleep 1; done"
    done = process.run([SH, "-c", code], timeout_s=0.3)
    assert done.timed_out and done.returncode == -signal.SIGKILL
    assert gone(pids(done.stdout))


def test_a_closed_output_does_not_stop_the_clock() -> None:
    done = process.run([SH, "-c", "exec >&- 2>&-; sleep 60"], timeout_s=0.3)
    assert done.timed_out


@pytest.mark.parametrize("stream", ["", ">&2"])
def test_output_beyond_the_limit_is_cut(stream: str) -> None:
    code = f"while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa {stream}; echo b; echo b >&2; done"
    done = process.run([SH, "-c", code], timeout_s=30, limit_bytes=100_000)
    assert done.cut and not done.ok and not done.timed_out
    assert len(done.stdout) < 200_000 and len(done.stderr) < 200_000


def test_a_caller_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(line: bytes) -> None:
        (tmp_path / "pid").write_bytes(line + b"\n")
        raise ValueError("of the caller")

    with pytest.raises(ValueError, match="of the caller"):
        process.run([SH, "-c", "echo $$; sleep 60"], timeout_s=30, on_line=fail)
    assert gone(wait_for(tmp_path / "pid"))


def test_a_secret_stands_in_no_argv_environment_or_file() -> None:
    secret = SecretFile("hunter2-\udcff")
    code = 'cat "$1" /proc/self/cmdline /proc/self/environ; cat "$1" >&2'
    done = process.run([SH, "-c", code, "sh", secret], timeout_s=20)
    assert done.stdout.count(b"hunter2") == 1, "only where it was read from its descriptor"
    assert done.stdout.startswith(b"hunter2-\xff")
    assert done.stderr == b"[redacted]"
    assert not any("hunter2" in word for word in done.argv)


def test_two_secrets_can_be_read_twice_each() -> None:
    code = 'cat "$1" "$2" "$1" "$2"'
    done = process.run([SH, "-c", code, "sh", SecretFile("a"), SecretFile("b")], timeout_s=20)
    assert done.stdout == b"abab"


def test_no_descriptor_is_left_open_here_or_passed_on() -> None:
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with Path("/dev/null").open("rb"):
        done = process.run([SH, "-c", "ls /proc/self/fd"], timeout_s=20)
    assert set(done.stdout.split()) == {b"0", b"1", b"2", b"3"}, "3 is the folder that ls reads"
    assert set(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize("program", ["/nowhere/nmap", "/", "/etc/passwd"])
def test_what_cannot_be_started_is_a_missing_tool(program: str) -> None:
    with pytest.raises(ToolMissing):
        process.run([program], timeout_s=5)


def test_the_locale_of_a_child_is_fixed() -> None:
    done = process.run([SH, "-c", 'echo "$LC_ALL"'], timeout_s=20, env={"X": "y"})
    assert done.stdout == b"C.UTF-8\n"


@pytest.fixture
def _stopping() -> Iterator[None]:
    def stop(_number: int, _frame: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGTERM, stop)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("_stopping")
@pytest.mark.parametrize(
    ("which", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Stopped)]
)
def test_a_signal_while_it_runs_takes_the_group_along(
    tmp_path: Path, which: signal.Signals, raised: type[BaseException]
) -> None:
    file = tmp_path / "pids"
    threading.Timer(0.4, os.kill, (os.getpid(), which)).start()
    with pytest.raises(raised):
        process.run([SH, "-c", f"{{ {GROUP} }} >{file}; wait"], timeout_s=30)
    assert gone(wait_for(file))


@pytest.mark.usefixtures("_stopping")
def test_a_second_signal_does_not_wait_for_the_first(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    for delay_s in (0.4, 0.8):
        threading.Timer(delay_s, os.kill, (os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        process.run([SH, "-c", f"trap '' TERM; echo $$ >{file}; sleep 60; sleep 60"], timeout_s=30)
    assert time.monotonic() - started < 2.5, "sooner than the time that one Ctrl-C gives"
    assert gone(wait_for(file))


# Starts children in a loop and tells each one's id; a parent that is stopped at any moment,
# also while it starts one, must leave none of them.
LOOP = """
import signal, sys
from msptool import process
from msptool.errors import Stopped
def stop(number, frame): raise Stopped
signal.signal(signal.SIGTERM, stop)
try:
    print("ready", flush=True)
    while True:
        code = "echo $$ >>" + sys.argv[1] + "; exec sleep 20"
        process.run(["/bin/sh", "-c", code], timeout_s=0.02)
except (KeyboardInterrupt, Stopped):
    sys.exit(7)
"""


def test_stopped_at_any_moment_no_child_is_left(tmp_path: Path) -> None:
    import random
    import subprocess

    draw = random.Random(3)
    for turn in range(25):
        file = tmp_path / f"pids{turn}"
        parent = subprocess.Popen([sys.executable, "-c", LOOP, str(file)], stdout=subprocess.PIPE)
        assert parent.stdout is not None and parent.stdout.readline() == b"ready\n"
        time.sleep(draw.uniform(0.0, 0.15))
        parent.send_signal(draw.choice([signal.SIGINT, signal.SIGTERM]))
        assert parent.wait(10) == 7
        parent.stdout.close()
        left = [pid for pid in pids(file.read_bytes()) if alive(pid)] if file.exists() else []
        assert not left


def test_signals_are_held_only_in_the_main_thread_and_come_back() -> None:
    before = [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    done: list[process.Done] = []
    thread = threading.Thread(target=lambda: done.append(process.run(["/bin/true"], timeout_s=20)))
    thread.start()
    thread.join()
    assert done[0].ok
    process.run(["/bin/true"], timeout_s=20)
    assert before == [
        signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ]


def test_a_background_program_ends_with_its_input() -> None:
    reading, writing = os.pipe()
    with Path("/dev/null").open("wb") as nowhere:
        child = process.background(
            ["/bin/cat"], stdin_fd=reading, stdout_fd=nowhere.fileno(), stderr_fd=nowhere.fileno()
        )
    os.close(reading)
    assert child.poll() is None
    os.close(writing)
    assert child.wait(10) == 0


@pytest.mark.parametrize(("code", "told"), [("exit 3", 3), ("kill -9 $$", 137)])
def test_in_the_foreground_the_code_is_a_shells(code: str, told: int) -> None:
    assert process.foreground([SH, "-c", code]) == told


def test_an_ignored_signal_stays_ignored_in_the_child() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        done = process.run([SH, "-c", "kill -HUP $$; echo on"], timeout_s=20)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert done.stdout == b"on\n"
