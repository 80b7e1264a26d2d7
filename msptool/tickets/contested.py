"""What two people did to one ticket without knowing of each other: which of it stands.

The fold has a winner for every field, the same on every laptop: the last in order. Here is who
lost, until somebody who knew of both has the last word. Machines contest nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from msptool.tickets import causal
from msptool.tickets.events import (
    MACHINE,
    AnyEvent,
    Closed,
    Escalated,
    Linked,
    Reopened,
    Set,
    Snoozed,
    Ticked,
    Visit,
)


class Conflict(Struct, frozen=True, gc=False):
    """A field that several people set at once: the eids of the act that stands, and of others."""

    field: str
    winner: str
    losers: tuple[str, ...]


def conflicts(history: Sequence[AnyEvent]) -> tuple[Conflict, ...]:
    """Return the fields of a branched history on which nobody had the last word."""
    known = causal.known_to_each(history)
    acts: dict[str, list[tuple[int, object]]] = defaultdict(list)
    for place, event in enumerate(history):
        if event.by != MACHINE:
            for field, value in wrote(event):
                acts[field].append((place, value))
    found = []
    for field, written in sorted(acts.items()):
        covered = 0
        for place, _ in written:
            covered |= known[place]
        last = [(place, value) for place, value in written if not covered >> place & 1]
        winner = last[-1]
        losers = [history[place].eid for place, value in last if value != winner[1]]
        if losers:
            found.append(Conflict(field, history[winner[0]].eid, tuple(losers)))
    return tuple(found)


def wrote(event: AnyEvent) -> Iterator[tuple[str, object]]:
    """Yield the fields that an event sets, and to what."""
    match event:
        case Set():
            yield from event.fields.items()
        case Closed():
            yield "state", ("closed", event.reason, event.duplicate_of)
        case Reopened():
            yield "state", "open"
        case Snoozed():
            yield "state", ("snoozed", event.until)
        case Escalated():
            yield "line", event.line
        case Linked():
            yield f"link {event.tie} {event.to}", event.gone
        case Visit():
            yield f"visit {event.visit}", (event.starts_at, event.status, event.engineer)
        case Ticked():
            yield f"item {event.item}", event.done
