"""Taking a secret out of events for good.

`redacted` names an event and the character ranges of its texts that are no one's business. They
are overwritten with `FILL`, character by character: so places stay where they are, doing it twice
changes nothing, and two engineers who each took out another secret meet in any order. How long a
secret was can therefore still be seen.

A union merge with a clone that did not know brings the old line back. It is masked whenever it is
read, and written over by the next write or `fsck --mend`: see `clean`.

Order and references hang on the fields of `FIXED`; a tombstone that names one is passed over there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

FILL = "█"
FIXED = frozenset(
    {"event", "eid", "n", "by", "at", "after", "of", "to", "visit", "ticket", "client", "sha256"}
)
_SIGN = b'"redacted"'
Cuts = Mapping[str, Sequence[tuple[int, int]]]


class _Tombstone(msgspec.Struct, tag_field="event", tag="redacted"):
    of: str
    cuts: dict[str, list[tuple[int, int]]] = {}


_tombstone = msgspec.json.Decoder(_Tombstone)


def tombstones(lines: Iterable[bytes]) -> Mapping[str, dict[str, list[tuple[int, int]]]]:
    """Return by event what is to be cut from it."""
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for line in lines:
        if _SIGN not in line:
            continue
        try:
            said = _tombstone.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        for place, cuts in said.cuts.items():
            found.setdefault(said.of, {}).setdefault(place, []).extend(cuts)
    return found


def clean(data: bytes) -> bytes:
    """Return a file's bytes with all that its tombstones name masked; the same where there is none.

    A line that is masked already stays as it is, byte by byte.
    """
    if _SIGN not in data:
        return data
    lines = data.split(b"\n")
    cut = tombstones(lines)
    return b"\n".join(_masked_line(line, cut) for line in lines) if cut else data


def _masked_line(line: bytes, cut: Mapping[str, Cuts]) -> bytes:
    try:
        told = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line
    if not isinstance(told, dict) or not isinstance(eid := told.get("eid"), str) or eid not in cut:
        return line
    masked = _masked(told, "", cut[eid])
    return line if masked == told else msgspec.json.encode(masked)


def _masked(value: Any, place: str, cuts: Cuts) -> Any:
    match value:
        case str():
            return mask(value, cuts[place]) if place in cuts and not is_fixed(place) else value
        case dict():
            return {k: _masked(v, _within(place, str(k)), cuts) for k, v in value.items()}
        case list():
            return [_masked(v, _within(place, str(at)), cuts) for at, v in enumerate(value)]
    return value


def masked(event: Any, cuts: Cuts) -> Any:
    """Return a decoded event with ranges of its texts overwritten."""
    return _masked(event, "", cuts)


def is_fixed(place: str) -> bool:
    """Tell whether a place is one that is never masked."""
    return place.partition(".")[0] in FIXED


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def mask(text: str, cuts: Iterable[tuple[int, int]]) -> str:
    """Return a text with ranges of its characters overwritten."""
    for start, end in cuts:
        stop = min(end, len(text))
        if start < stop:
            text = text[:start] + FILL * (stop - start) + text[stop:]
    return text


def places(event: Any, secret: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return where a secret stands in the texts of a decoded event; nothing where it does not."""
    return {
        place: cuts
        for place, text in _texts(event, "")
        if not is_fixed(place) and (cuts := _found(text, secret))
    }


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield place, value
        case dict():
            for name, one in value.items():
                yield from _texts(one, _within(place, str(name)))
        case list():
            for at, one in enumerate(value):
                yield from _texts(one, _within(place, str(at)))


def _found(text: str, secret: str) -> tuple[tuple[int, int], ...]:
    cuts = []
    at = text.find(secret)
    while at >= 0:
        cuts.append((at, at + len(secret)))
        at = text.find(secret, at + 1)
    return tuple(cuts)
