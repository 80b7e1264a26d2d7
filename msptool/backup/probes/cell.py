"""The cell: where untrusted content is parsed and servers for it are started.

A program of our own (`warden`) makes it: namespaces without network, a root that holds nothing but
the system's programs and the one file that is looked at, an unprivileged user, limits on time,
memory, disk and processes. Where it cannot be had, nothing is looked at, and the answer says so.
This is its outside: what is asked, and what came of it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from msptool import process
from msptool.backup import words

_START_S = 20.0  # of an interpreter on a busy machine, and of the last errand's end
_SAID_CHARS = 200

Ended: TypeAlias = Literal["told", "time", "cpu", "room", "broke"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe may take. `memory_bytes` is address space, by process; `processes` are those
    that it may start; `on_disk`: its scratch is on disk, else in memory. `shared`: it costs so
    little that it may share its cell with others of the same probe.
    """

    wall_s: float = 120.0
    cpu_s: int = 100
    memory_bytes: int = 1 << 30
    scratch_bytes: int = 64 << 20
    processes: int = 0
    on_disk: bool = False
    shared: bool = False


class Shown(msgspec.Struct, frozen=True):
    """A file or folder of the tree (written form) and its name in the cell; `perhaps`: if there."""

    path: str
    name: str
    perhaps: bool = False


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One probe on one thing. `programs` are files of this machine that it needs beside /usr."""

    probe: str
    shown: tuple[Shown, ...]
    limits: Limits = Limits()
    arguments: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the warden is asked: the restored tree, a folder of ours on disk, and the errands that
    may begin within `budget_s`.
    """

    tree: str
    scratch: str
    budget_s: float
    errands: tuple[Errand, ...]


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a probe says. `detail` is a sentence of words.py, `said` a tool's own words."""

    verdict: Literal["ok", "bad-content", "could-not-run"]
    detail: str = ""
    said: str = ""
    counts: dict[str, int] = {}


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an errand ended. `said`: Told as JSON, by a process that may have been taken over."""

    number: int
    ended: Ended
    seconds: float
    said: bytes = b""


class NoCell(msgspec.Struct, frozen=True):
    """Why there is no cell."""

    no_cell: str


_ENDS = {"time": words.NO_TIME, "cpu": words.NO_TIME, "room": words.NO_SCRATCH}


def run(order: Order) -> dict[int, tuple[Told, float]]:
    """Run the errands one after the other; return what each told and its seconds, by its number.

    Those that the budget did not reach are not in it. Raises ToolMissing as process.run does.
    """
    longest_s = max((errand.limits.wall_s for errand in order.errands), default=0.0)
    done = process.run(
        [sys.executable, "-I", "-m", "msptool.backup.probes.warden"],
        stdin=msgspec.json.encode(order),
        timeout_s=order.budget_s + longest_s + _START_S,
    )
    answers = [answer for line in done.stdout.splitlines() if (answer := _answer(line))]
    found = {answer.number: (told(answer), answer.seconds) for answer in answers}
    if done.ok or done.timed_out:
        return found
    why = Told("could-not-run", words.NO_CELL, _clean(no_cell(done.stdout) or done.complaint()))
    return {number: found.get(number, (why, 0.0)) for number in range(len(order.errands))}


def no_cell(stdout: bytes) -> str:
    """Return why the warden could not make a cell; "" if it could."""
    try:
        return msgspec.json.decode(stdout.partition(b"\n")[0], type=NoCell).no_cell
    except msgspec.DecodeError:
        return ""


def _answer(line: bytes) -> Answer | None:
    try:
        return msgspec.json.decode(line, type=Answer)
    except msgspec.DecodeError:
        return None


def told(answer: Answer) -> Told:
    """Return what an answer comes to: an errand that was ended for it told nothing."""
    if answer.ended in _ENDS:
        return Told("could-not-run", _ENDS[answer.ended])
    try:
        said = msgspec.json.decode(answer.said, type=Told)
    except msgspec.DecodeError:
        return Told("could-not-run", words.PROBE_BROKE)
    known = said.detail if said.detail in words.RUSSIAN else ""
    return Told(said.verdict, known, _clean(said.said), said.counts)


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).strip()[:_SAID_CHARS]


def programs(argv: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a command that are files of this machine: they are shown in the cell."""
    return tuple(word for word in argv if word.startswith("/") and Path(word).is_file())
