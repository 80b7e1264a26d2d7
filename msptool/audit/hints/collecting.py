"""All hints together, as facts: each address inside the scope once a source. Pure."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msptool.audit.facts import Heard, Hint, Snmp
from msptool.audit.hints import agents, leases
from msptool.audit.hints.leads import Lead, lead
from msptool.audit.scope import Plan


@dataclass(frozen=True)
class File:
    """A file of leases that the engineer brought, and the hash of the evidence of it."""

    data: bytes
    evidence: str = ""


def collect(
    plan: Plan,
    at: datetime,
    *,
    snmp: Iterable[Snmp] = (),
    heard: Iterable[Heard] = (),
    files: Iterable[File] = (),
) -> tuple[Hint, ...]:
    """Return the hints of agents' rows, of announcements, and of lease files (audit/brought reads
    those).
    """
    found: list[Hint] = []
    for fact in snmp:
        for source, told in agents.leads(fact.rows).items():
            found += _hints(told, plan, at, source, fact.evidence)
    for announced in heard:
        source = f"heard:{announced.protocol}"
        found += _hints(_announced(announced), plan, at, source, announced.evidence)
    for file in files:
        found += _hints(leases.read(file.data) or (), plan, at, "dhcp", file.evidence)
    return _once(found)


def _announced(fact: Heard) -> list[Lead]:
    """Return the announcer, and of a DHCP server's answer whom it gave an address."""
    values = fact.values
    told = [lead(fact.address, fact.mac, values.get("name", "").partition("\n")[0])]
    if fact.protocol == "dhcp-server":
        told.append(lead(values.get("client-address", ""), values.get("client", "")))
    return [one for one in told if one]


def names(
    records: Iterable[Mapping[str, Any]], plan: Plan, at: datetime, evidence: str
) -> tuple[Hint, ...]:
    """Return the hints of what workers/dns wrote: {"address", "name"} records."""
    told = (
        lead(str(record.get("address", "")), "", str(record.get("name", "")))
        for record in records
        if "name" in record
    )
    return _once(_hints([one for one in told if one], plan, at, "dns", evidence))


def to_ask(hints: Iterable[Hint], known: Iterable[str]) -> tuple[str, ...]:
    """Return the hinted addresses that nobody has seen alive yet, in order: to be asked one by
    one, with more probes and tries than the sweep took.
    """
    left = {hint.address for hint in hints} - set(known)
    return tuple(sorted(left, key=lambda a: (":" in a, int(ipaddress.ip_address(a)))))


def _hints(
    told: Sequence[Lead], plan: Plan, at: datetime, source: str, evidence: str
) -> Iterable[Hint]:
    for one in told:
        if plan.covers(ipaddress.ip_address(one.address)):
            yield Hint(
                address=one.address,
                at=at,
                source=source,
                evidence=evidence,
                mac=one.mac,
                name=one.name,
            )


def _once(hints: Iterable[Hint]) -> tuple[Hint, ...]:
    """Return each once; of those of one source and address the first that says the most."""
    kept: dict[tuple[str, str, str], Hint] = {}
    for hint in hints:
        key = (hint.address, hint.source, hint.mac)
        if key not in kept or (hint.name and not kept[key].name):
            kept[key] = hint
    return tuple(kept.values())
