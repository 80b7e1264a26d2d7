"""To whom a new ticket goes: the profile's rules (`tickets.assign`), as a pure function."""

import fnmatch
from collections.abc import Iterable, Sequence
from typing import TypedDict

from msgspec import Struct
from msgspec.structs import replace

from msptool.profile.shape import Assignment
from msptool.tickets import fold
from msptool.tickets.events import Kind, Line, Opened
from msptool.tickets.lifecycle import Importance


class Place(TypedDict, total=False):
    """Where a ticket is put; what no rule says is not there."""

    queue: str
    assignee: str
    line: Line


class Case(Struct, frozen=True):
    """What rules look at. `things`: the id, the name and the aliases of what it is about."""

    priority: Importance
    kind: Kind
    category: str = ""
    channel: str = ""
    check: str = ""
    things: tuple[str, ...] = ()


def place(rules: Iterable[Assignment], case: Case) -> Place:
    """Return queue, assignee and line, each from the first rule that fits and names one."""
    found: Place = {}
    for rule in rules:
        if not _fits(rule, case):
            continue
        if rule.queue:
            found.setdefault("queue", rule.queue)
        if rule.assignee:
            found.setdefault("assignee", rule.assignee)
        if rule.line:
            found.setdefault("line", rule.line)
    return found


def opening(
    rules: Sequence[Assignment], event: Opened, things: Iterable[str] = (), *, check: str = ""
) -> Opened:
    """Return an opening with what the rules say of it, where it says nothing itself; `things` and
    `check` are beside those of its own finding.
    """
    if not rules:
        return event
    found = place(rules, case_of(event, things, check))
    if event.queue:
        found.pop("queue", None)
    if event.assignee:
        found.pop("assignee", None)
    if event.line != "L1":
        found.pop("line", None)
    return replace(event, **found)


def case_of(event: Opened, things: Iterable[str] = (), check: str = "") -> Case:
    """Return what rules look at in an opening; `things`: aliases beside its id and name."""
    (ticket,) = fold.fold_all(event.ticket, [event])
    about = event.about
    named = (about.subject.thing, about.name) if about else ()
    return Case(
        priority=ticket.priority,
        kind=event.kind,
        category=event.category,
        channel=event.channel,
        check=about.check if about else check,
        things=(*named, *things),
    )


def _fits(rule: Assignment, case: Case) -> bool:
    return (
        _any(rule.category, (case.category,))
        and _any(rule.channel, (case.channel,))
        and _any(rule.check, (case.check,))
        and _any(rule.thing, case.things)
        and (not rule.priority or case.priority in rule.priority)
        and (not rule.type or case.kind in rule.type)
    )


def _any(patterns: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether one of the names fits one of the patterns; no pattern asks for nothing. An
    alias like `name:core` fits by its value, too.
    """
    if not patterns:
        return True
    said = [name.casefold() for name in names if name]
    said += [value for name in said if (value := name.partition(":")[2])]
    return any(
        fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in patterns for name in said
    )
