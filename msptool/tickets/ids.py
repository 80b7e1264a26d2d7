"""Ticket ids that survive a phone call: `ACME-4K7QX2-Y`: client, drawn part, check character.

Drawn, not counted, so that two laptops do not clash: 30 bits. The check character is a linear code
over GF(32) with a weight of its own for each position, so any one wrong character of the drawn
part and any two that changed places are noticed; the client's code is in the sum too.
"""

import os
import re

from msptool.errors import UsageError
from msptool.ulid import ALPHABET

DRAWN = 6
SHAPE = re.compile(rf"([A-Z][A-Z0-9]{{1,7}})-([{ALPHABET}]{{{DRAWN}}})-([{ALPHABET}])")
_HEARD = str.maketrans("OIL", "011")
_SAME_LOOK = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")  # typed with the keyboard in Cyrillic
_VALUE = {char: number for number, char in enumerate(ALPHABET)}
# Multiplication by x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1). That polynomial is primitive: the
# powers of x take all 31 values before they repeat, so no two positions weigh the same.
_TIMES_X = tuple((n << 1) ^ (0b100101 if n & 16 else 0) for n in range(32))


def draw(client: str) -> str:
    """Return a new id; the caller sees to it that none such exists."""
    return numbered(client, int.from_bytes(os.urandom(4)))


def numbered(client: str, number: int) -> str:
    """Return the id of a number, of which the lowest 30 bits count."""
    drawn = "".join(ALPHABET[(number >> 5 * at) & 31] for at in range(DRAWN))
    return f"{client}-{drawn}-{check_character(client, drawn)}"


def is_id(text: str) -> bool:
    """Tell whether text is an id exactly as we write it, check character included."""
    found = SHAPE.fullmatch(text)
    return found is not None and found[3] == check_character(found[1], found[2])


def drawn_part(ident: str) -> str:
    """Return the six characters between client and check character."""
    return ident.split("-")[1]


def parse(text: str, client: str) -> str:
    """Return the id that a person typed or heard; raise UsageError if it cannot be one.

    Case, spaces and dashes do not matter, O is read as 0, I and L as 1; the client's code may be
    left out.
    """
    packed = re.sub(r"[\W_]+", "", text).upper().translate(_SAME_LOOK)
    code, tail = packed[: -DRAWN - 1], packed[-DRAWN - 1 :].translate(_HEARD)
    ident = f"{code or client}-{tail[:-1]}-{tail[-1:]}"
    if not SHAPE.fullmatch(ident):
        raise _wrong(text, "is not a ticket id")
    if not is_id(ident):
        raise _wrong(text, "is not a ticket id: one of its characters is wrong")
    return ident


def part(text: str, client: str) -> str:
    """Return a part of an id as ids are written, where a person left out its dashes."""
    said = text.upper()
    if "-" in said:
        return said
    code = client if said.startswith(client) and said != client else ""
    drawn = said.removeprefix(code)
    checked = f"-{drawn[DRAWN:]}" if len(drawn) > DRAWN else ""
    return (f"{code}-" if code else "") + drawn[:DRAWN] + checked


def _wrong(text: str, why: str) -> UsageError:
    hint = "an id looks like ACME-4K7QX2-Y; msptool tickets list shows them"
    return UsageError("ticket.id", f"{text[:40]!r} {why}", hint=hint)


def check_character(client: str, drawn: str) -> str:
    """Return the check character; a client's characters count by their five lowest bits."""
    total = 0
    for char in client:
        total = _TIMES_X[total ^ (ord(char) & 31)]
    for char in drawn:
        total = _TIMES_X[total ^ _VALUE[char]]
    return ALPHABET[total]
