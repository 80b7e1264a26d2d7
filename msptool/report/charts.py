"""The geometry of the few small charts; templates draw it as SVG. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from msptool.model import SEVERITIES, Severity

BAR = 1000


@dataclass(frozen=True)
class Slice:
    """A part of a bar of BAR units."""

    severity: Severity
    count: int
    x: int
    width: int


def bar(severities: Mapping[Severity, int]) -> tuple[Slice, ...]:
    """Return the slices of a bar; together they fill it exactly, and none is too thin to see."""
    present = [(s, severities.get(s, 0)) for s in SEVERITIES if severities.get(s, 0)]
    least = BAR // 25
    spare = BAR - least * len(present)
    total = sum(count for _, count in present)
    slices, done, start = [], 0, 0
    for at, (severity, count) in enumerate(present, start=1):
        done += count
        end = least * at + spare * done // total
        slices.append(Slice(severity, count, start, end - start))
        start = end
    return tuple(slices)


@dataclass(frozen=True)
class Ring:
    """An arc of a ring: length of the stroke and of the whole, in the units of its radius."""

    length: float
    around: float


def ring(percent: int | None, radius: float = 15.9155) -> Ring:
    """Return the arc for a share; the radius makes the way around 100."""
    around = 2 * math.pi * radius
    return Ring(round(around * (percent or 0) / 100, 2), round(around, 2))
