"""How the program ends, in real shells, pipes and terminals."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab.conftest import FULL
from tests.lab.terminal import Terminal, environment

pytestmark = pytest.mark.lab
MSPTOOL = [sys.executable, "-m", "msptool"]
PROFILE = """\
msptool: 1
client: {code: ACME, name: "ООО «Ромашка»"}
scope:
  netwroks: [192.0.2.0/24]
"""


def msptool(*words: str, **extra: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [*MSPTOOL, *words], env=environment(**extra), capture_output=True, timeout=30, check=False
    )


def shell(script: str, **extra: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of bash in which `msptool` is the program."""
    line = f'msptool() {{ {sys.executable} -m msptool "$@"; }}\n{script}'
    return subprocess.run(
        ["bash", "-c", line], env=environment(**extra), capture_output=True, timeout=60, check=False
    )


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir(mode=0o700)
    (folder / "client.yaml").write_text(PROFILE)
    (folder / "client.yaml").chmod(0o600)
    return folder


# A program of ours that works until it is stopped: it talks, starts a child, and tells its id.
WORKER = """
import sys
import click
from msptool import process
from msptool.cli import boundary
@click.command()
@click.option("--json", is_flag=True)
def work(json):
    child = "echo $$ >" + sys.argv[-1] + "; sleep 60; sleep 60"
    process.run(["/bin/sh", "-c", child], timeout_s=60)
boundary.run(work, sys.argv[1:-1])
"""


@contextmanager
def working(tmp_path: Path, *words: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    told = tmp_path / "child"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, *words, str(told)],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while not (told.exists() and told.read_text().endswith("\n")):
            assert time.monotonic() < deadline and worker.poll() is None
            time.sleep(0.01)
        yield worker, int(told.read_text())
    finally:
        worker.kill()
        worker.communicate()


@pytest.mark.parametrize(
    ("which", "word"),
    [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "terminated")],
)
def test_a_signal_ends_in_one_line_and_the_signal_itself(
    tmp_path: Path, which: signal.Signals, word: str
) -> None:
    with working(tmp_path, "--json") as (worker, child):
        worker.send_signal(which)
        out, err = worker.communicate(timeout=10)
        assert worker.returncode == -which
        assert err.decode() == f"msptool: {word}; what was finished is kept\n"
        assert json.loads(out)["exit"] == 128 + which
        assert not Path(f"/proc/{child}").exists()


def test_any_number_of_signals_leaves_no_trace_and_no_child(tmp_path: Path) -> None:
    with working(tmp_path) as (worker, child):
        started = time.monotonic()
        while worker.poll() is None and time.monotonic() < started + 10:
            worker.send_signal(signal.SIGINT)
            time.sleep(0.003)
        _, err = worker.communicate()
        assert worker.returncode == -signal.SIGINT
        assert b"Traceback" not in err
        assert time.monotonic() - started < 2
        assert not Path(f"/proc/{child}").exists()


def test_an_ignored_hangup_stays_ignored(tmp_path: Path) -> None:
    told = tmp_path / "child"
    code = WORKER.replace("sleep 60; sleep 60", "sleep 1")
    worker = subprocess.Popen(
        ["nohup", sys.executable, "-c", code, str(told)],
        env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while not told.exists():
        time.sleep(0.01)
    worker.send_signal(signal.SIGHUP)
    worker.communicate(timeout=20)
    assert worker.returncode == 0


def terminal(argv: list[str], **extra: str) -> Terminal:
    return Terminal(argv, 24, 80, extra)


def test_ctrl_c_stops_the_shells_loop_too(tmp_path: Path) -> None:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    work = f"{sys.executable} {script} {tmp_path}/child"
    loop = f"for n in 1 2 3; do echo turn-$n; {work}; done; echo after"
    screen = terminal(["/bin/bash", "-c", loop])
    screen.until(rb"turn-1")
    deadline = time.monotonic() + 20
    while not (tmp_path / "child").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    screen.type(b"\x03")
    screen.end()
    assert b"turn-2" not in screen.said and b"after" not in screen.said
    assert screen.said.count(b"msptool: interrupted; what was finished is kept") == 1


def test_help_fits_a_screen_of_80_by_24() -> None:
    screen = terminal([*MSPTOOL, "--help"], COLUMNS="")
    assert screen.end() == 0
    lines = screen.said.decode().splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert "\x1b" not in screen.said.decode()


@pytest.mark.parametrize("extra", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("words", [["--help"], ["adit"], ["audit"], ["doctor"]])
def test_no_escape_where_none_is_wanted(words: list[str], extra: dict[str, str]) -> None:
    screen = terminal([*MSPTOOL, *words], **extra)
    screen.end()
    assert screen.said and b"\x1b" not in screen.said


@pytest.mark.parametrize("words", [["--help"], ["adit"], ["doctor"], ["audit", "checks"]])
def test_no_escape_in_a_pipe(words: list[str]) -> None:
    done = msptool(*words)
    assert b"\x1b" not in done.stdout + done.stderr


ENDLESS = """
import click
from msptool.cli import base, boundary
from msptool.model import Thing
@click.command()
def work():
    base.emit(Thing(id=str(n), kind="asset", name="x" * 50) for n in range(10**7))
boundary.run(work, [])
"""


def test_a_reader_that_has_enough_ends_us_silently() -> None:
    code = ENDLESS.replace("'", '"')
    done = shell(f"{sys.executable} -c '{code}' | head -1; echo ${{PIPESTATUS[0]}}")
    assert done.stdout.splitlines()[-1] == b"141"
    assert done.stderr == b""


def test_a_full_disk_behind_stdout_is_74() -> None:
    done = shell(
        "msptool --help >/dev/full; echo $?; msptool audit checks --json >/dev/full; echo $?"
    )
    assert done.stdout == b"74\n74\n"
    assert done.stderr.startswith(b"error[disk.failed]: cannot write: ")
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


def test_a_full_disk_behind_stderr_changes_no_code() -> None:
    assert shell("msptool adit 2>/dev/full; echo $?").stdout == b"2\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str) -> None:
    done = shell(
        f"exec 9>&1; msptool --version {closed}; a=$?; msptool adit {closed}; echo $a $? >&9"
    )
    assert done.stdout.splitlines()[-1] == b"0 2"
    assert b"Traceback" not in done.stderr


def test_a_closed_stream_is_never_taken_by_the_next_file() -> None:
    code = (
        "from msptool import terminal; terminal.prepare(); "
        "import os; print(os.open('/etc/hostname', os.O_RDONLY) > 2, file=open(9, 'w'))"
    )
    done = shell(f'exec 9>&1; {sys.executable} -c "{code}" <&- >&- 2>&-')
    assert done.stdout == b"True\n"


LOCALES = [
    {"LANG": "C", "LC_ALL": "C"},
    {"LC_ALL": "POSIX"},
    {"LANG": "ru_RU.UTF-8", "LC_ALL": "ru_RU.UTF-8"},
    {"PYTHONIOENCODING": "cp866"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "koi8-r", "MSPTOOL_LANG": "ru"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: "-".join(locale.values()))
def test_any_locale_gives_the_same_code_and_valid_json(acme: Path, locale: dict[str, str]) -> None:
    done = msptool("-C", str(acme), "audit", "plan", **locale)
    assert done.returncode == 2, done.stderr
    assert b"[profile.unknown-key]: client.yaml:4:3: scope.netwroks" in done.stderr
    assert b"networks?" in done.stderr and b"Traceback" not in done.stderr
    (acme / "client.yaml").write_text(PROFILE.replace("netwroks", "Ромашка漢字"))
    done = msptool("-C", str(acme), "profile", "validate", "--json", **locale)
    encoding = locale.get("PYTHONIOENCODING", "utf-8")
    assert json.loads(done.stdout.decode(encoding))["key"] == "scope.Ромашка漢字"
    assert msptool("--help", **locale).returncode == 0
    assert msptool("audit", "checks", **locale).returncode == 0


@pytest.mark.parametrize(
    "words",
    [["adit"], ["audit", "rnu"], ["audit", "run", "--jsn"], ["audit", "run", "--fail-on", "hgh"],
     ["audit", "checks", "NET-O06"], ["-C", "ACME", "profile", "validate"]],
)  # fmt: skip
def test_a_typo_is_answered_at_once(acme: Path, words: list[str]) -> None:
    argv = [str(acme) if word == "ACME" else word for word in words]
    taken = []
    for _ in range(3):
        started = time.monotonic()
        done = msptool(*argv)
        taken.append(time.monotonic() - started)
        assert done.returncode == 2 and b"= did you mean " in done.stderr
    limit_s = 0.3 if FULL else 1.5  # 0.15 s on an idle machine
    assert min(taken) < limit_s


def test_no_password_in_the_profile_is_ever_printed(acme: Path) -> None:
    for line in ("nas: {path: r, password: hunter2}", "nas: {path: r, passwrod: hunter2}",
                 'nas: {path: r, password: "hunter2}'):  # fmt: skip
        (acme / "client.yaml").write_text(
            f"msptool: 1\nclient: {{code: A1, name: A}}\nbackup:\n  repositories:\n    {line}\n"
        )
        done = msptool("-C", str(acme), "audit", "plan", "--json")
        done2 = msptool("-C", str(acme), "profile", "validate", "--json")
        for out in (done, done2):
            assert out.returncode == 2
            assert b"hunter2" not in out.stdout + out.stderr


def test_a_bug_leaves_one_line_and_a_report(tmp_path: Path) -> None:
    code = (
        "import click\nfrom msptool.cli import boundary\n"
        "@click.command()\ndef work():\n    {}['hunter2']\n"
        "boundary.run(work, [])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(XDG_STATE_HOME=str(tmp_path)),
        capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 70 and done.stdout == b""
    assert done.stderr.startswith(b"error[bug.unexpected]: a bug in msptool: KeyError in ")
    assert done.stderr.count(b"\n") == 2 and b"Traceback" not in done.stderr
    [report] = (tmp_path / "msptool" / "crashes").iterdir()
    assert "hunter2" not in report.read_text()


def test_two_runs_of_one_workspace_at_once(acme: Path) -> None:
    from msptool import files
    from msptool.workspace import Workspace

    (acme / "client.yaml").write_text(
        "msptool: 1\nclient: {code: A1, name: A}\nscope:\n  networks: [127.77.0.0/29]\n"
        "  authorised_by: A\n  expires: 2099-01-01\n"
    )
    with Workspace(acme).lock("backup run"):
        done = msptool("-C", str(acme), "audit", "run", "--json")
    assert done.returncode == 6
    assert re.search(rb"another run holds acme \(backup run since 20\S+Z, pid \d+\)", done.stderr)
    assert json.loads(done.stdout)["code"] == "workspace.busy"
    assert files.sha256(acme / "nowhere") == ""
