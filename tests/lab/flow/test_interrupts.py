"""Ctrl-C and SIGTERM in each step of `msptool run`: one line, nothing left, the next run works.

The moment is never left to a clock: a signal comes when the program that a step runs is there,
or at a write to disk that is counted.
"""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from msptool import runs
from tests.lab.conftest import FULL
from tests.lab.flow import children, inside_run
from tests.lab.flow.client import Client, tools
from tests.lab.flow.screen import Screen, loop
from tests.lab.msptool import msptool

pytestmark = pytest.mark.lab
INT, TERM = signal.SIGINT, signal.SIGTERM
SAID = {INT: "msptool: interrupted; what was finished is kept"}
SAID[TERM] = SAID[INT].replace("interrupted", "terminated")
STEPS = ("audit", "backup", "verify", "monitor", "tickets", "report")
# A word of the program that a part of a step runs.
PROGRAMS = {
    "discovery": ("audit", b"msptool.audit.workers.arp"),
    "ports": ("audit", b"-sS"),
    "udp": ("audit", b"msptool.audit.workers.udp"),
    "grab": ("audit", b"msptool.audit.workers.grab"),
    "snmp": ("audit", b"msptool.audit.workers.snmp"),
    "backup": ("backup", b"backup"),
    "read": ("verify", b"check"),
    "restore": ("verify", b"restore"),
}
FEW_PROGRAMS = [("ports", INT), ("restore", TERM)]
ALL_PROGRAMS = [(part, how) for part in PROGRAMS for how in (INT, TERM)]
# Writes of the steps that run no program for long; each has more than the last of these.
FEW_WRITES = [("monitor", 3, TERM), ("tickets", 2, INT), ("report", 1, TERM)]
ALL_WRITES = [
    (step, write, how)
    for step in ("audit", "backup", "verify", "monitor", "tickets", "report")
    for write in (1, 2, 3, 4)
    for how in (INT, TERM)
]


# A scanner or restic with a child of its own, which would stay for ten minutes.
WITH_CHILD = 'sleep 600 </dev/null >/dev/null 2>&1 & exec {program} "$@"'


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A mark that msptool passes on to all that it starts, and programs with lasting children."""
    (tmp_path / "marked").mkdir()
    scripts = {name: WITH_CHILD.format(program=where(name)) for name in ("nmap", "restic")}
    path = tools(tmp_path / "with child", **scripts)
    return {"TMPDIR": str(tmp_path / "marked"), "PATH": path}


def skipped(step: str) -> tuple[str, ...]:
    """Return the steps before one that it can do without, so that tests are short."""
    return STEPS[: STEPS.index({"verify": "backup", "report": "tickets"}.get(step, step))]


def a_round(client: Client, step: str) -> list[str]:
    return ["-C", str(client.root), "run", *(w for s in skipped(step) for w in ("--skip", s))]


def folders(client: Client) -> set[str]:
    """Return the runs and reports that people and later steps see."""
    places = [*runs.folders(client.workspace), *client.workspace.reports.glob("*")]
    return {path.name for path in places if not path.name.endswith(runs.PARTIAL)}


def whole(client: Client, before: set[str], stopped_in: str, env: dict[str, str]) -> None:
    """Hold that a stopped round left the steps before it, no half of its own, and nobody."""
    mark = f"TMPDIR={env['TMPDIR']}"
    assert children.gone(mark), [children.command(pid) for pid in children.marked(mark)]
    for folder in runs.folders(client.workspace):
        assert runs.load(folder).end.complete
    names = {"audit": "audit", "backup": "backup", "verify": "restore", "monitor": "monitor"}
    new = {name.partition("-")[2] for name in folders(client) - before}
    done = STEPS[len(skipped(stopped_in)) : STEPS.index(stopped_in)]
    assert new == {names[step] for step in done if step in names}
    with client.workspace.lock("a look"):
        pass
    assert not list(client.root.rglob("locks/*")), "restic's lock is left"
    assert not [path for path in in_sandboxes(client) if path.suffix != ".lock"]


def in_sandboxes(client: Client) -> list[Path]:
    return list((client.workspace.derived / "sandbox").rglob("*"))


def goes_on(client: Client, step: str) -> None:
    """Hold that the next run does all, with no ticket twice."""
    done = client.call(*a_round(client, step)[2:])
    assert done.returncode in (0, 1), done.stderr.decode()
    prints = [ticket["fingerprint"] for ticket in client.tickets().values()]
    assert prints and len(prints) == len(set(prints))
    if "verify" not in skipped(step):
        assert not in_sandboxes(client)


def stop_by_key(client: Client, argv: list[str], env: dict[str, str], word: bytes) -> Screen:
    """Type ^C while a program is there, at a loop that would go on; return the screen, ended."""
    with Screen(client, loop(argv), env) as screen:
        if word:
            children.wait_for(screen.running, word)
            screen.type(b"\x03")
        assert screen.end() == -INT, screen.said.decode()
    assert [line for line in screen.lines() if line.startswith(("turn", "after"))] == ["turn-1"]
    return screen


def where(name: str) -> str:
    """Return where a program of the system is."""
    found = shutil.which(name)
    assert found, f"{name} is missing"
    return found


def stop_by_term(client: Client, argv: list[str], env: dict[str, str], word: bytes) -> list[str]:
    running = subprocess.Popen(
        client.site.argv(["setsid", *argv]), env=client.environment(env),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    if word:
        children.wait_for(running, word)
        children.tell(running, TERM)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (-TERM, b""), err.decode()
    return err.decode().splitlines()


def stopped(
    client: Client, argv: list[str], env: dict[str, str], how: signal.Signals, word: bytes = b""
) -> None:
    """Stop a command, and hold that it says so in one line, the last."""
    if how == INT:
        lines = stop_by_key(client, argv, env, word).lines()[1:]
    else:
        lines = stop_by_term(client, argv, env, word)
    assert lines[-1] == SAID[how], lines
    others = [line for line in lines[:-1] if not line.startswith(("ok ", "✓", "> "))]
    assert not others, others


@pytest.mark.parametrize(("part", "how"), ALL_PROGRAMS if FULL else FEW_PROGRAMS, ids=str)
def test_stopped_while_a_program_runs(
    audited: Client, env: dict[str, str], part: str, how: signal.Signals
) -> None:
    step, word = PROGRAMS[part]
    before = folders(audited)
    stopped(audited, msptool(*a_round(audited, step)), env, how, word)
    whole(audited, before, step, env)
    goes_on(audited, step)


@pytest.mark.parametrize(("step", "write", "how"), ALL_WRITES if FULL else FEW_WRITES, ids=str)
def test_stopped_at_a_write(
    audited: Client, env: dict[str, str], step: str, write: int, how: signal.Signals
) -> None:
    before = folders(audited)
    orders = json.dumps({"step": step, "write": write, "signal": how})
    argv = [sys.executable, inside_run.__file__, orders, *a_round(audited, step)]
    stopped(audited, argv, env, how)
    whole(audited, before, step, env)
    goes_on(audited, step)


STUBBORN = """
case "$*" in *-sS*) ;; *) exec {nmap} "$@";; esac
trap 'touch {told}' TERM
touch {told}-ready
while :; do sleep 0.1; done
"""


def test_a_second_ctrl_c_waits_for_nobody(
    audited: Client, tmp_path: Path, env: dict[str, str]
) -> None:
    """nmap hears the first one and stays; were it waited for, that would be ten minutes."""
    told = tmp_path / "told"
    nmap = STUBBORN.format(nmap=where("nmap"), told=told)
    path = tools(tmp_path / "bin", nmap=nmap)
    before = folders(audited)
    orders = json.dumps({"grace_s": 600})
    argv = [sys.executable, inside_run.__file__, orders, *a_round(audited, "audit")]
    with Screen(audited, loop(argv), {**env, "PATH": path}) as screen:
        # The words alone are there before the trap is: setpriv has them, too.
        children.until(screen.running, Path(f"{told}-ready").exists, 60)
        screen.type(b"\x03")
        children.until(screen.running, told.exists, 20)
        screen.type(b"\x03")
        assert screen.end(20) == -INT
    assert screen.lines()[-1] == SAID[INT] and "turn-2" not in screen.said.decode()
    whole(audited, before, "audit", env)
    goes_on(audited, "monitor")
