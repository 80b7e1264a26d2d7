"""ULIDs: ids that sort by time and need no registrar (github.com/ulid/spec)."""

import os

from msptool import clock

# Crockford's base 32: no I, L, O or U, so that an id survives being read out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new() -> str:
    """Return 26 characters: 48 bits of milliseconds since 1970, then 80 random bits."""
    return of(int(clock.epoch_s() * 1000), int.from_bytes(os.urandom(10)))


def of(ms: int, drawn: int) -> str:
    """Return the ULID of a time in milliseconds and of 80 bits."""
    number = (max(0, min(ms, (1 << 48) - 1)) << 80) | drawn
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_ulid(text: str) -> bool:
    """Tell whether text has the shape of a ULID."""
    return len(text) == 26 and all(char in ALPHABET for char in text)
