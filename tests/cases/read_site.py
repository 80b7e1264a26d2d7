"""What the audit makes of a recorded answer, as plain JSON: a reader for each folder of cases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from msptool.audit import agent, certificate, clues, nameplate, scope, spoken
from msptool.audit.facts import Grab, Port, Told
from msptool.audit.families import shipped_families
from msptool.audit.heard import reading
from msptool.audit.hints.leases import read as read_leases
from msptool.audit.probes import read
from msptool.profile.shape import Scope
from tests.cases.nmap_scan import parse

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def snmp(data: bytes) -> dict[str, Any]:
    """Return the nameplate of an agent, and what it tells of its ports and neighbours."""
    told = json.loads(data)
    read = agent.read(told["rows"], communities=("x",), complete=told["complete"], evidence="")
    plate = nameplate.read(told["rows"], shipped_families())
    return {
        "plate": {name: getattr(plate, name) for name in plate.__dataclass_fields__},
        "agent": msgspec.to_builtins(read),
    }


def grab(data: bytes) -> dict[str, Any]:
    """Return what a service is, by what it said, its certificate, and what that hints at."""
    record = json.loads(data)
    address = record["address"]
    port = Port(
        address=address, at=AT, source="nmap", proto="tcp", port=record["port"], state="open"
    )
    facts = read.tcp(address, [record], AT, "")
    (said,) = [fact for fact in facts if isinstance(fact, Grab)]
    told = [fact for fact in facts if isinstance(fact, Told)]
    service = spoken.service(port, said, told)
    der = bytes.fromhex(said.certificate)
    shown = certificate.parse(der, port=said.port) if der else None
    return {
        "service": msgspec.to_builtins(service),
        "name": spoken.name([service]),
        "certificate": msgspec.to_builtins(shown),
        "clues": [list(clue) for clue in clues.clues(told)],
    }


def scan(data: bytes) -> dict[str, Any]:
    """Return an nmap scan's hosts."""
    read = parse(data)
    return {"complete": read.complete, "hosts": msgspec.to_builtins(read.hosts)}


def asked(data: bytes) -> dict[str, Any]:
    """Return which UDP service a datagram shows, "" if none, and what it tells."""
    record = json.loads(data)
    facts = read.udp(record["address"], [record], AT, "")
    ports = [fact for fact in facts if isinstance(fact, Port)]
    told = [fact for fact in facts if isinstance(fact, Told)]
    return {
        "service": ports[0].service if ports else "",
        "told": [dict(fact.values) for fact in told],
    }


_PLAN = scope.plan(
    Scope(
        networks=("198.51.100.0/24", "2001:db8:5::/64"), authorised_by="X", expires=AT.date()
    ),
    AT.date(),
)  # fmt: skip


def heard(data: bytes) -> dict[str, Any]:
    """Return the fact that a frame tells, without what all have in common."""
    (fact,) = reading.read([json.loads(data)], _PLAN, AT, "", macs=("02:00:5e:10:00:07",))
    return {name: getattr(fact, name) for name in ("protocol", "address", "mac", "values")}


def leases(data: bytes) -> dict[str, Any]:
    """Return whom a DHCP server gave an address."""
    return {"leases": [lead._asdict() for lead in read_leases(data) or ()]}


READERS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "snmp": snmp,
    "grab": grab,
    "nmap": scan,
    "udp": asked,
    "heard": heard,
    "leases": leases,
}
