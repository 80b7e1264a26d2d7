"""The life of a ticket: every state, move and priority stands in the tables of this file.

Theory. Four states are active (someone has work to do): open, in_progress, waiting, and snoozed,
which is open again by itself at its time. *Machines resolve*: a later look found the fault gone.
*People close*: a last word with a reason. Coming back is a move, not a state: a reopened ticket is
open.

Histories of two laptops merge, so any move may meet any state. The tables say what has effect;
a move that is not in them leaves the state alone and stays in the history as "no effect".
Folding is therefore total: no merge can produce a ticket that cannot be read.

When its finding is seen again (`SEEN_AGAIN`), an active ticket is known and nothing is written; a
resolved one and one that a person closed as fixed come back; what a person would not fix stays
closed, an accepted risk until its time is over; a duplicate does as the ticket it repeats.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msptool.model import Severity

State: TypeAlias = Literal["open", "in_progress", "waiting", "snoozed", "resolved", "closed"]
Move: TypeAlias = Literal["wait", "work", "release", "snooze", "resolve", "close", "reopen"]
Reason: TypeAlias = Literal["fixed", "wont-fix", "duplicate", "accepted"]
Level: TypeAlias = Literal["low", "medium", "high"]
Importance: TypeAlias = Literal["low", "normal", "high", "critical"]
Answer: TypeAlias = Literal["known", "reopen", "stays", "as-original"]

STATES: tuple[State, ...] = ("open", "in_progress", "waiting", "snoozed", "resolved", "closed")
ACTIVE: frozenset[State] = frozenset({"open", "in_progress", "waiting", "snoozed"})

_WORK: Mapping[Move, State] = {
    "work": "in_progress",
    "wait": "waiting",
    "release": "open",
    "snooze": "snoozed",
    "resolve": "resolved",
    "close": "closed",
}
TRANSITIONS: Mapping[State, Mapping[Move, State]] = {
    "open": _WORK,
    "in_progress": _WORK,
    "waiting": _WORK,
    "snoozed": _WORK,
    "resolved": {"close": "closed", "reopen": "open"},
    "closed": {"reopen": "open"},
}
# A `set` event asks for a state by its name; resolved and closed have events of their own.
ASKED: Mapping[str, Move] = {"open": "release", "in_progress": "work", "waiting": "wait"}

SEEN_AGAIN: Mapping[Reason, Answer] = {
    "fixed": "reopen",
    "wont-fix": "stays",
    "accepted": "stays",
    "duplicate": "as-original",
}

LEVELS: tuple[Importance, ...] = ("low", "normal", "high", "critical")

# Of a request, how much it hinders by how soon it does (ITIL 4, incident management: priority).
URGENT: Mapping[Level, Mapping[Level, Importance]] = {
    "high": {"low": "normal", "medium": "high", "high": "critical"},
    "medium": {"low": "low", "medium": "normal", "high": "high"},
    "low": {"low": "low", "medium": "low", "high": "normal"},
}

# Severity (the check's) by importance (the asset's, from the profile) gives the ticket's priority.
PRIORITY: Mapping[Severity, Mapping[Importance, Importance]] = {
    "critical": {"low": "high", "normal": "critical", "high": "critical", "critical": "critical"},
    "high": {"low": "normal", "normal": "high", "high": "high", "critical": "critical"},
    "medium": {"low": "low", "normal": "normal", "high": "high", "critical": "high"},
    "low": {"low": "low", "normal": "low", "high": "normal", "critical": "normal"},
    "info": {"low": "low", "normal": "low", "high": "low", "critical": "low"},
}


def after(state: State, move: Move) -> State | None:
    """Return the state a move leads to; None if it has no effect."""
    return TRANSITIONS[state].get(move)


def seen_again(state: State, reason: Reason | None) -> Answer:
    """Return what a ticket does when its finding is seen again."""
    if state in ACTIVE:
        return "known"
    return SEEN_AGAIN[reason] if state == "closed" and reason else "reopen"
