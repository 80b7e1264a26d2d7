"""What the audit makes of a recorded answer, as plain JSON: a reader for each folder of cases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from msptool.audit import agent, certificate, nameplate, nmap, scope, spoken, udp
from msptool.audit.facts import Grab, Port
from msptool.audit.families import shipped_families
from msptool.audit.heard import reading
from msptool.audit.hints.leases import read as read_leases
from msptool.profile.shape import Scope

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
    """Return what a service is, by what it said, and its certificate."""
    told = json.loads(data)
    port = Port(
        address=told["address"], at=AT, source="nmap", proto="tcp", port=told["port"], state="open"
    )
    said = Grab(at=AT, source="grab", **told)
    service = spoken.service(port, said)
    der = bytes.fromhex(said.certificate)
    shown = certificate.parse(der, port=said.port) if der else None
    return {
        "service": msgspec.to_builtins(service),
        "name": spoken.name([service]),
        "certificate": msgspec.to_builtins(shown),
    }


def scan(data: bytes) -> dict[str, Any]:
    """Return an nmap scan's hosts."""
    read = nmap.parse(data)
    return {"complete": read.complete, "hosts": msgspec.to_builtins(read.hosts)}


def asked(data: bytes) -> dict[str, Any]:
    """Return which UDP service a datagram shows, "" if none."""
    told = json.loads(data)
    question = udp.QUESTIONS[told["port"]]
    return {"service": question.service if question.is_answer(bytes.fromhex(told["reply"])) else ""}


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
