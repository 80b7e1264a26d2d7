"""Texts of other programs, made fit for a title, a part, an id: one line, and not too long."""

import hashlib
import ipaddress
import re
import unicodedata
from datetime import datetime

from msptool import ulid

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_DIGITS = re.compile(r"\d+")
TEXT_CHARACTERS = 4_000  # of a message; the other program has the rest


def line(text: str, most: int = 200) -> str:
    """Return a text on one line, cut where it is long; a cut one differs from its beginning."""
    flat = _BLANK.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return flat if len(flat) <= most else f"{flat[: most - 10]}…{short(flat)}"


def message(text: str) -> str:
    """Return a message, its lines kept."""
    lines = (line(one, TEXT_CHARACTERS) for one in text.splitlines())
    said = "\n".join(lines).strip()
    return said if len(said) <= TEXT_CHARACTERS else said[: TEXT_CHARACTERS - 1] + "…"


def short(text: str) -> str:
    """Return eight characters that stand for a text."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


def without_numbers(text: str) -> str:
    """Return a text in which no count, line or time can differ."""
    return _DIGITS.sub("0", line(text, TEXT_CHARACTERS))


def run_id(at: datetime, data: bytes) -> str:
    """Return a run's ULID of a time and of what was said: the same bytes give the same one."""
    drawn = int.from_bytes(hashlib.sha256(data).digest()[:10])
    return ulid.of(int(at.timestamp() * 1000), drawn)


def alias(host: str) -> str:
    """Return the alias by which an audit knows a host."""
    try:
        return f"ip:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"name:{host}"
