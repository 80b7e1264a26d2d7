"""Who knew of what: an event names the last ones that its writer knew (`after`), as a commit does.

With a number in logical time alone, two acts that knew nothing of each other look like two in turn.
Histories are in order (fold.in_order). What names nothing was written by format 1: it is taken to
have known all of a lower number.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol


class Written(Protocol):
    """What is needed of an event."""

    @property
    def eid(self) -> str:
        """Its ULID."""

    @property
    def n(self) -> int:
        """Its logical time."""

    @property
    def after(self) -> tuple[str, ...]:
        """The last events that its writer knew."""


def heads(history: Iterable[Written]) -> tuple[str, ...]:
    """Return the events that no other one follows: what the next one names."""
    ends: dict[str, int] = {}
    for event in history:
        _follow(ends, event)
    return tuple(sorted(ends))


def is_branched(history: Sequence[Written]) -> bool:
    """Tell whether any two events knew nothing of each other."""
    last: tuple[str, ...] = ()
    for event in history:
        if event.after != last:
            return _is_branched(history)
        last = (event.eid,)
    return False  # each names the one before it, as nearly always


def _is_branched(history: Sequence[Written]) -> bool:
    ends: dict[str, int] = {}
    for event in history:
        _follow(ends, event)
        if len(ends) > 1:
            return True
    return False


def _follow(ends: dict[str, int], event: Written) -> None:
    if event.after:
        for eid in event.after:
            ends.pop(eid, None)
    else:
        for eid in [eid for eid, n in ends.items() if n < event.n]:
            del ends[eid]
    ends[event.eid] = event.n


def known_to_each(history: Sequence[Written]) -> list[int]:
    """Return for each event what its writer knew: bit number I stands for the event at place I."""
    places: dict[str, int] = {}
    known: list[int] = []
    for place, event in enumerate(history):
        before = (
            (places[eid] for eid in event.after if eid in places)
            if event.after
            else (at for at in range(place) if history[at].n < event.n)
        )
        bits = 0
        for at in before:
            bits |= known[at] | 1 << at
        places[event.eid] = place
        known.append(bits)
    return known
