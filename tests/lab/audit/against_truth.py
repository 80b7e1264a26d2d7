"""An audit's report beside the truth of a practice network."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from msptool.demo.truth import Host, Truth
from msptool.model import Report, Thing

# What an audit calls the kinds of the practice network; "device" tells nothing of itself.
KINDS = {
    "router": {"firewall", "router", "network"}, "switch": {"switch"},
    "access-point": {"wireless", "router", "network"},
    "printer": {"printer"}, "ups": {"power"}, "nas": {"storage"}, "server": {"server"},
}  # fmt: skip
FIRST_RUN_BLIND = {"NET-006"}


@dataclass(frozen=True)
class Seen:
    """The assets of a report by the host they are."""

    by_host: dict[str, Thing]
    strangers: list[Thing]


def seen(report: Report, truth: Truth) -> Seen:
    """Match assets and hosts by address."""
    owners = {
        str(ipaddress.ip_address(address)): host.name
        for host in truth.hosts
        for address in (host.ip4, host.ip6)
        if address
    }
    by_host: dict[str, Thing] = {}
    strangers = []
    for thing in report.things:
        if thing.kind != "asset":
            continue
        names = {owners.get(address, "") for address in thing.addresses}
        if len(names) == 1 and "" not in names and not names & by_host.keys():
            by_host[names.pop()] = thing
        else:
            strangers.append(thing)
    return Seen(by_host, strangers)


def differences(report: Report, truth: Truth) -> Iterator[str]:
    """Yield every host, address, port and identity that is missing or invented."""
    found = seen(report, truth)
    yield from (f"invented: {thing.name} {thing.addresses}" for thing in found.strangers)
    for host in truth.hosts:
        thing = found.by_host.get(host.name)
        if thing is None:
            yield f"missing: {host.name}"
        else:
            yield from (f"{host.name}: {what}" for what in _host(host, thing))


def _host(host: Host, thing: Thing) -> Iterator[str]:
    wanted = {str(ipaddress.ip_address(a)) for a in (host.ip4, host.ip6) if a}
    sure = {a for a in wanted if ":" not in a or "nd" in host.found_by}
    if not sure <= set(thing.addresses) <= wanted:
        yield f"addresses {thing.addresses}, not {wanted}"
    ports = {f"{port.proto}/{port.port}" for port in host.ports}
    told = {word for word in str(thing.facts.get("ports", "")).split(", ") if word}
    if told != ports:
        yield f"ports {told}, not {ports}"
    identity = host.identity
    for key, value in (
        ("vendor", identity.vendor),
        ("model", identity.model),
        ("serial", identity.serial),
    ):
        if value is not None and not _same(str(thing.facts.get(key, "")), value, identity.vendor):
            yield f"{key} {thing.facts.get(key)!r}, not {value!r}"
    if identity.sys_name and thing.name != identity.sys_name:
        yield f"name {thing.name!r}, not {identity.sys_name!r}"
    if host.kind in KINDS and thing.facts.get("type") not in KINDS[host.kind]:
        yield f"kind {thing.facts.get('type')!r}, not {host.kind!r}"


def _same(told: str, value: str, vendor: str | None) -> bool:
    """Compare without the maker's name in front of a model, and without case."""
    prefix = f"{(vendor or '').lower()} "
    return told.lower().removeprefix(prefix) == value.lower().removeprefix(prefix)


def faults(report: Report, truth: Truth, *, first_run: bool) -> tuple[set[str], set[str]]:
    """Return the planted faults that were missed, and the findings that no fault explains."""
    hosts = {thing.id: host for host, thing in seen(report, truth).by_host.items()}
    told = {
        (f.check, hosts.get(f.subject.thing, f.subject.thing), f.subject.part)
        for f in report.findings
    }
    planted = {(fault.check, fault.host, fault.part) for fault in truth.faults}
    if first_run:
        planted = {fault for fault in planted if fault[0] not in FIRST_RUN_BLIND}
    checked = {rule.check for rule in report.rules}
    missed = {" ".join(fault) for fault in planted - told if fault[0] in checked}
    return missed, {" ".join(fault) for fault in told - planted}
