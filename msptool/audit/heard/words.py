"""Text and addresses out of announcements, made safe to keep. Pure; untrusted."""

import ipaddress
import unicodedata
from collections.abc import Iterable, Mapping

MOST_CHARS = 1024


def text(data: bytes) -> str:
    """Return octets as text of one line: UTF-8, blanks joined, nothing unprintable."""
    told = data[: 4 * MOST_CHARS].decode("utf-8", "replace")
    shown = "".join(" " if c.isspace() else c for c in told if c.isspace() or _is_seen(c))
    return " ".join(shown.split())[:MOST_CHARS]


def _is_seen(char: str) -> bool:
    return unicodedata.category(char)[0] != "C" and char != "\ufffd"


def address(data: bytes) -> str:
    """Return 4 or 16 octets as an address of one host; "" for all else."""
    if len(data) not in (4, 16):
        return ""
    found = ipaddress.ip_address(data)
    odd = found.is_unspecified or found.is_multicast or found.is_loopback
    return "" if odd or data == b"\xff" * 4 else str(found)


def addresses(data: bytes) -> list[str]:
    """Return the IPv4 addresses that stand one after the other."""
    found = (address(data[at : at + 4]) for at in range(0, len(data) - 3, 4))
    return [one for one in found if one]


def listed(items: Iterable[str]) -> str:
    """Return several things as one value: each once, a line each."""
    return "\n".join(dict.fromkeys(item for item in items if item))[: 4 * MOST_CHARS]


def said(values: Mapping[str, str]) -> dict[str, str]:
    """Return what was really said: without empty values."""
    return {name: value for name, value in values.items() if value}
