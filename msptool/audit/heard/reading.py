"""What the listeners wrote down, as facts: each announcement once, none of a stranger. Pure."""

import ipaddress
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from msptool.audit.facts import Heard
from msptool.audit.heard import cdp, dhcp, frames, lldp, mdns, mndp, neighbours, ssdp, stp
from msptool.audit.heard.frames import Frame, Protocol
from msptool.audit.scope import Plan

READERS: Mapping[Protocol, Callable[[bytes], dict[str, str]]] = {
    "lldp": lldp.read, "cdp": cdp.read, "stp": stp.read, "arp": neighbours.arp,
    "nd": neighbours.nd, "ra": neighbours.router, "dhcp": dhcp.read, "dhcp-server": dhcp.read,
    "mdns": mdns.read, "ssdp": ssdp.read, "mndp": mndp.read,
}  # fmt: skip
# Who sends these is about our own cable, wherever his address lies: the switch at its other end,
# and who tells the hosts on it whom to trust as router and as name server.
OF_THE_CABLE: frozenset[Protocol] = frozenset({"lldp", "cdp", "stp", "dhcp-server", "ra"})


def read(
    records: Iterable[Mapping[str, Any]],
    plan: Plan,
    at: datetime,
    evidence: str,
    *,
    macs: Collection[str] = (),
) -> list[Heard]:
    """Return what was announced by whom; `macs` are those of assets that we know.

    The address is the announcer's own where it lies in the scope, else "". A fact without one is
    kept if its MAC is known or if it is of the cable; all else is dropped unseen.
    """
    found: dict[tuple[str, ...], Heard] = {}
    for record in records:
        raw = _raw(record)
        frame = frames.split(raw) if raw else None
        values = READERS[frame.protocol](frame.payload) if frame else {}
        if frame is None or not values:
            continue
        mac, address = _who(frame, values, plan)
        if not (address or mac in macs or frame.protocol in OF_THE_CABLE):
            continue
        fact = Heard(
            address=address,
            at=at,
            source="listen",
            evidence=evidence,
            protocol=frame.protocol,
            mac=mac,
            interface=str(record.get("interface", ""))[:64],
            values=values,
        )
        found.setdefault((fact.protocol, address, mac, *sorted(map(str, values.items()))), fact)
    return list(found.values())


def _raw(record: Mapping[str, Any]) -> bytes:
    """Return the frame of a record; b"" where there is none that can be one."""
    told = record.get("frame")
    if not isinstance(told, str) or len(told) > 2 * frames.MOST_BYTES:
        return b""
    try:
        return bytes.fromhex(told)
    except ValueError:
        return b""


def _who(frame: Frame, values: Mapping[str, str], plan: Plan) -> tuple[str, str]:
    """Return (MAC, address inside the scope or "") of the announcer.

    A relay or a repeater passes on what others announce: then the frame's MAC is not theirs.
    """
    told = [
        one
        for name in ("address", "management", "addresses", "server")
        for one in values.get(name, "").split("\n")
        if one
    ]
    if frame.protocol == "mdns" and _is_foreign(frame.address, told):
        return "", _first_inside(told, plan)
    mac = values.get("owner", frame.mac)
    own = [*told, frame.address] if mac == frame.mac else told
    return mac, _first_inside(own, plan)


def _is_foreign(source: str, told: Collection[str]) -> bool:
    """Whether an announcement names addresses of its sender's family, and not the sender's."""
    family = [one for one in told if (":" in one) == (":" in source)]
    return bool(family) and source not in family


def _first_inside(addresses: Iterable[str], plan: Plan) -> str:
    for text in addresses:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if plan.covers(address):
            return str(address)
    return ""
