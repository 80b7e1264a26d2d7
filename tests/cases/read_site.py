"""What the audit makes of a recorded answer, as plain JSON: a reader for each folder of cases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from msptool.audit import agent, certificate, nameplate, nmap, spoken
from msptool.audit.facts import Grab, Port, Told
from msptool.audit.families import shipped_families
from msptool.audit.probes import read

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
        "hints": [list(hint) for hint in spoken.hints(told)],
    }


def scan(data: bytes) -> dict[str, Any]:
    """Return an nmap scan's hosts."""
    read = nmap.parse(data)
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


READERS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "snmp": snmp,
    "grab": grab,
    "nmap": scan,
    "udp": asked,
}
