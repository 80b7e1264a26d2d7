"""Just enough of BER to walk an answer: tag, length, bounds (X.690, 8.1). Never recursive."""

from collections.abc import Iterator
from typing import NamedTuple

MOST = 2000


class Element(NamedTuple):
    """One element: its tag byte and its contents, which lie wholly inside the data."""

    tag: int
    value: bytes


def elements(data: bytes) -> Iterator[Element]:
    """Yield the elements of a constructed value, until one is cut or has a form nobody needs."""
    at = 0
    for _ in range(MOST):
        if at + 2 > len(data):
            return
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            many = size & 0x7F
            if not 1 <= many <= 4 or at + many > len(data):
                return
            size, at = int.from_bytes(data[at : at + many], "big"), at + many
        if at + size > len(data):
            return
        yield Element(tag, data[at : at + size])
        at += size


def element(tag: int, *parts: bytes) -> bytes:
    """Return an element of the given contents (under 64 KiB)."""
    value = b"".join(parts)
    if len(value) < 0x80:
        return bytes([tag, len(value)]) + value
    return bytes([tag, 0x82]) + len(value).to_bytes(2, "big") + value


def is_whole(said: bytes) -> bool:
    """Tell whether the first element has come to its end."""
    return next(elements(said), None) is not None
