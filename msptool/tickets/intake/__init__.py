"""What other programs say becomes batches; one file a format.

An intake is pure: bytes, the client's code and the time of receipt in; batches and what was passed
over out. All of it is hostile: each has a limit of size, refuses what is nested too deep, and says
in one line what it did not understand; tests/contract/test_ticket_intakes.py holds all to that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from msptool.errors import UsageError
from msptool.registry import Register
from msptool.tickets.batch import Batch, Refused

SEAM = "seam"  # our own lines: read one by one, see batch.of_lines
HEAD_BYTES = 64 << 10  # of the beginning: enough to tell what it is


@dataclass(frozen=True)
class Taken:
    """What a file said; `refused` are parts of it that were passed over."""

    batches: tuple[Batch, ...] = ()
    refused: tuple[Refused, ...] = ()


Take: TypeAlias = Callable[[bytes, str, datetime], Taken]


@dataclass(frozen=True)
class Intake:
    """A format: whether a beginning (its bytes, its outermost JSON keys) is of it; how to read it,
    with the client's code and the time of receipt; what it is called; the most bytes of it.
    """

    knows: Callable[[bytes, frozenset[str]], bool]
    take: Take
    called: str
    limit_bytes: int = 16 << 20


INTAKES: Register[Intake] = Register("msptool.tickets.intake")


def names() -> tuple[str, ...]:
    """Return the formats that can be named."""
    return (SEAM, *INTAKES.load())


def recognise(head: bytes) -> str:
    """Return the format of a file by its beginning; raise UsageError where it is none we know."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    keys = outermost(text)
    if not text or {"type", "check"} & keys:
        return SEAM
    for name, intake in INTAKES.load().items():
        if intake.knows(text, keys):
            return name
    if re.search(rb'^\s*\{\s*"(type|check)"\s*:', text, re.MULTILINE):
        return SEAM  # behind lines that are none
    raise UsageError(
        "tickets.intake", "what this is cannot be told by its beginning",
        hint=f"say it with --format: {', '.join(names())}",
    )  # fmt: skip


def take(name: str, data: bytes, client: str, at: datetime) -> Taken:
    """Read a file of a format; raise UsageError if it is too large or not of it."""
    intake = find(name)
    if len(data) > intake.limit_bytes:
        raise UsageError(
            "tickets.intake", f"{intake.called}: larger than {intake.limit_bytes >> 20} MiB",
            hint="split it; nothing was written",
        )  # fmt: skip
    return intake.take(data, client, at)


def find(name: str) -> Intake:
    """Return an intake; raise UsageError with those there are."""
    known = INTAKES.load()
    if name not in known:
        raise UsageError("tickets.format", f"no format {name[:40]!r}", nearest=names())
    return known[name]


def wrong(called: str, why: str) -> UsageError:
    """Return the error for a file that is not what it should be."""
    return UsageError(
        "tickets.intake", f"this is no {called}: {why}",
        hint="nothing was written; was it sent or saved whole?",
    )  # fmt: skip


_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]', re.DOTALL)


def outermost(text: bytes) -> frozenset[str]:
    """Return the keys of the outermost object of JSON, as far as this beginning of it goes."""
    if not text.startswith(b"{"):
        return frozenset()
    keys, depth, last = set(), 0, b""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in (b"{", b"["):
            depth += 1
        elif token in (b"}", b"]"):
            depth -= 1
            if depth == 0:
                break
        elif token == b":" and depth == 1 and last.startswith(b'"'):
            keys.add(last[1:-1].decode(errors="replace"))
        last = token
    return frozenset(keys)
