"""What could not be seen, by reason: the other half of every result. Pure."""

from dataclasses import dataclass

from msptool.model import Attempt
from msptool.report.index import DECIDED, Index, unique


@dataclass(frozen=True)
class Place:
    """A thing, by id, and the parts of it that could not be judged; none: the whole."""

    thing: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """Attempts that ended, wholly or for some parts, without a verdict for one reason."""

    reason: str
    attempts: int
    checks: tuple[str, ...]
    places: tuple[Place, ...]


def gaps(index: Index) -> tuple[Gap, ...]:
    """Group what has no verdict by reason, the most frequent first.

    An attempt that does not apply is no gap: there was no question. One that failed and left parts
    open is a gap for those parts.
    """
    groups: dict[str, list[Attempt]] = {}
    for attempt in index.attempts:
        if attempt.outcome in DECIDED:
            if attempt.unsure:
                groups.setdefault("partial", []).append(attempt)
        elif attempt.reason != "not-applicable":
            groups.setdefault(attempt.reason, []).append(attempt)
    found = [_gap(index, reason, attempts) for reason, attempts in groups.items()]
    return tuple(sorted(found, key=lambda gap: (-gap.attempts, gap.reason)))


def _gap(index: Index, reason: str, attempts: list[Attempt]) -> Gap:
    parts: dict[str, tuple[str, ...]] = {}
    for attempt in attempts:
        thing = index.resolved(attempt.thing)
        parts[thing] = unique((*parts.get(thing, ()), *attempt.unsure))
    return Gap(
        reason=reason,
        attempts=len(attempts),
        checks=unique(attempt.check for attempt in attempts),
        places=tuple(Place(thing, named) for thing, named in parts.items()),
    )
