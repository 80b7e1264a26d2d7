"""What a hint is before it is a fact: an address, and perhaps whose."""

import ipaddress
from typing import NamedTuple

from msptool.audit import macs


class Lead(NamedTuple):
    """Somebody says that a machine has, or had, this address."""

    address: str
    mac: str = ""
    name: str = ""


def lead(address: str, mac: str = "", name: str = "") -> Lead | None:
    """Return a lead out of words of others; None where its address is none of a host."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return None
    odd = found.is_unspecified or found.is_loopback or found.is_multicast
    if odd or "%" in str(found) or str(found) == "255.255.255.255":
        return None
    return Lead(str(found), macs.read(mac), plain_name(name))


def plain_name(text: str) -> str:
    """Return a host name as it is told; "" where it is none that can be shown on a line."""
    name = text.strip().strip('"').rstrip(".")
    return name if name.isprintable() and len(name) <= 253 and name != "*" else ""
