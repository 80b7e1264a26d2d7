"""How restic ended: one table, by exit code and by what it said, for restic 0.14 to 0.19.

0.14 says 1 for a wrong password, a lock, a missing repository, a full disk and every kind of
damage; 10 and 11 came with 0.17.0, 12 with 0.17.1; 3 of `backup` means a snapshot without some
of the source. So the words decide where the code does not. The first row that fits counts; its
order is the theory: a full disk makes everything else fail, and a lost structure (key, config,
index, snapshot, tree) takes whole folders where a lost pack takes files. A code in no row is a
failure. Recorded output of 0.14, 0.18 and 0.19 is in tests/cases/restic.
"""

import json
import re
from dataclasses import dataclass

from msptool.backup import words
from msptool.backup.verdicts import Verdict
from msptool.process import Done


@dataclass(frozen=True)
class Outcome:
    """A verdict on one call of restic, and the line of its output that led to it."""

    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class _Row:
    code: int | None  # None: any but 0
    words: re.Pattern[str]
    verdict: Verdict


def _row(code: int | None, words: str, verdict: Verdict) -> _Row:
    return _Row(code, re.compile(words), verdict)


_STRUCTURE = (
    r"config or key \S+ is damaged|(?:load |LoadRaw\()<(?:key|index|snapshot)/"
    r"|error loading index|LoadIndex returned errors|failed to load snapshot"
    r"|[Ll]oad(?:ing)? snapshot|error for tree|walking tree|<tree/|loading tree"
    r"|not found in repository|no snapshot found|no matching ID found"
)
_DATA = (
    r"ciphertext verification failed|Pack ID does not match|unexpected pack id|[Pp]ack [0-9a-f]{64}"
    r"|<data/|repository contains errors|invalid data returned|file is too short|unexpected EOF"
    r"|hash (?:does not match|mismatch)|repository could be damaged"
)
_ROWS = (
    _row(None, r"no space left on device|disk quota exceeded", "disk-full"),
    _row(12, r"", "wrong-password"),
    _row(1, r"wrong password or no key found", "wrong-password"),
    _row(11, r"", "locked"),
    _row(1, r"repository is already locked", "locked"),
    _row(10, r"", "repository-missing"),
    _row(1, r"unable to open config file|repository does not exist", "repository-missing"),
    _row(3, r"repository could be damaged", "damaged"),
    _row(3, r"", "incomplete-source"),
    _row(1, _STRUCTURE, "not-restorable"),
    _row(1, _DATA, "damaged"),
)
_DAMAGE = tuple(row for row in _ROWS if row.verdict in ("not-restorable", "damaged"))


def told(stderr: bytes) -> str:
    """Return what restic said on stderr as plain lines; newer versions say it in JSON."""
    return "\n".join(_plain(line) for line in stderr.decode(errors="replace").splitlines())


def _plain(line: str) -> str:
    if not line.startswith("{"):
        return line
    try:
        said = json.loads(line)
    except ValueError:
        return line
    error = said.get("error")
    inner = error.get("message", "") if isinstance(error, dict) else ""
    return f"{said.get('item', '')} {said.get('message') or inner}".strip()


def classify(done: Done) -> Outcome:
    """Return how a call of restic ended.

    One that ran into its time limit after it met damage (0.14 tries a lost pack for a minute)
    is damage, not a failure to run.
    """
    text = told(done.stderr)
    if done.ok:
        return Outcome("ok")
    if done.timed_out or done.cut:
        why = words.NO_TIME if done.timed_out else words.TOO_MUCH
        found = _first(_DAMAGE, 1, text)
        return found if found else Outcome("could-not-run", why)
    return _first(_ROWS, done.returncode, text) or Outcome(
        "could-not-run", _last(text) or f"restic ended with code {done.returncode}"
    )


def _first(rows: tuple[_Row, ...], code: int, text: str) -> Outcome | None:
    for row in rows:
        if row.code in (None, code) and (found := row.words.search(text)):
            return Outcome(row.verdict, _line(text, found.start()) or _last(text))
    return None


def _line(text: str, at: int) -> str:
    """Return the line that a place lies in."""
    start = text.rfind("\n", 0, at) + 1
    return text[start:].partition("\n")[0].strip()[:300]


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else ""
