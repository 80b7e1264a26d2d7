"""When things happened, by clocks of which some are wrong.

The order of events is logical, their times are the wall clocks of several machines. As many events
as can be in agreement with their order are believed; the time of any other is brought between its
neighbours'. So one laptop whose clock is a year ahead or behind moves no deadline but by its own
event.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from operator import le


def times(stated: Sequence[datetime]) -> Sequence[datetime]:
    """Return times that never go back, the stated ones wherever those agree with their order."""
    if all(map(le, stated, stated[1:])):
        return stated
    kept = _longest_rising(stated)
    believed = list(stated)
    last: datetime | None = None
    for place, at in enumerate(stated):
        if place not in kept:
            later = next((stated[p] for p in range(place, len(stated)) if p in kept), at)
            believed[place] = last if last is not None and at < last else min(at, later)
        last = believed[place]
    return believed


def _longest_rising(stated: Sequence[datetime]) -> frozenset[int]:
    """Return the places of a longest subsequence that never falls: of several the one with the
    earliest end, and each of it follows the nearest time that can be. Honest clocks are near each
    other; the wrong one stands apart.
    """
    ends: list[datetime] = []
    piles: list[
        list[int]
    ] = []  # places by the length that ends there; later ones are earlier times
    before: list[int] = []
    for place, at in enumerate(stated):
        length = bisect_right(ends, at)
        before.append(_nearest(piles[length - 1], stated, at) if length else -1)
        if length == len(ends):
            ends.append(at)
            piles.append([place])
        else:
            ends[length] = at
            piles[length].append(place)
    kept = set()
    place = piles[-1][-1]
    while place >= 0:
        kept.add(place)
        place = before[place]
    return frozenset(kept)


def _nearest(pile: Sequence[int], stated: Sequence[datetime], at: datetime) -> int:
    """Return the place with the latest time that is not after `at`; times of a pile only fall."""
    return pile[bisect_left(pile, -at.timestamp(), key=lambda place: -stated[place].timestamp())]
