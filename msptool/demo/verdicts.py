"""Which faults and decoys a plan holds, check by check (ids of the check catalogue).

Each function reads the plan as it is, never the lots: a mended plan tells of one fault less.
"""

from collections.abc import Iterator

from msptool.demo.blueprint import (
    Blueprint,
    Ftp,
    Host,
    Snmp,
    Ssh,
    SwitchPlan,
    Talker,
    Telnet,
    Traffic,
    Web,
)
from msptool.demo.fates import BACKED_UP, ENDED
from msptool.demo.truth import Decoy, Fault

DEFAULT_COMMUNITIES = frozenset({"public", "private"})
EXPIRY_DAYS = 30
ERROR_SHARE = 0.001
RUNTIME_MINUTES = 10


def faults(blueprint: Blueprint) -> Iterator[Fault]:
    """Yield what is wrong."""
    for host in blueprint.hosts:
        yield from _service_faults(blueprint, host)
        yield from _switch_faults(blueprint, host)
        if host.ups and (host.ups.on_battery_s or host.ups.minutes < RUNTIME_MINUTES):
            yield Fault(check="SRV-016", host=host.role, part="battery")
    for role in blueprint.unprotected:
        yield Fault(check="BKP-001", host=role, part="")


def decoys(blueprint: Blueprint) -> Iterator[Decoy]:
    """Yield what looks wrong and is not."""
    for host in blueprint.hosts:
        yield from _service_decoys(blueprint, host)
        yield from _switch_decoys(blueprint, host)
        if host.ups and not host.ups.on_battery_s and host.ups.minutes >= RUNTIME_MINUTES:
            why = f"{host.ups.minutes} minutes on mains"
            yield Decoy(check="SRV-016", host=host.role, part="battery", why=why)
    for role in (*BACKED_UP, "web"):
        if role not in blueprint.unprotected:
            yield Decoy(check="BKP-001", host=role, part="", why="a job protects it")


def tells_serial(host: Host) -> bool:
    """Whether SNMP gives the serial: in ENTITY-MIB, Printer-MIB or the vendor's own MIB."""
    if host.model is None:
        return False
    return entity(host) or host.kind == "printer" or "serial" in dict(host.model.private).values()


def entity(host: Host) -> bool:
    """Whether the device has ENTITY-MIB: switches and NASes do, of the routers Cisco's."""
    if host.model is None:
        return False
    return host.kind == "switch" or host.model.vendor in {"Cisco", "QNAP"}


def _service_faults(blueprint: Blueprint, host: Host) -> Iterator[Fault]:
    for service in host.services:
        match service:
            case Telnet():
                yield Fault(check="NET-001", host=host.role, part="tcp/23")
            case Ftp(anonymous=True):
                yield Fault(check="SEC-011", host=host.role, part=f"tcp/{service.port}")
            case Web(certificate=certificate) if (
                certificate and _days(blueprint, service) <= EXPIRY_DAYS
            ):
                yield Fault(check="SEC-007", host=host.role, part=f"tcp/{service.port}")
            case Snmp() if DEFAULT_COMMUNITIES & set(service.communities):
                yield Fault(check="NET-002", host=host.role, part="udp/161")
            case Ssh() if _ended(service):
                yield Fault(check="SRV-002", host=host.role, part="")


def _service_decoys(blueprint: Blueprint, host: Host) -> Iterator[Decoy]:
    for service in host.services:
        match service:
            case Talker(port=23):
                why = "a banner without one IAC: no telnet"
                yield Decoy(check="NET-001", host=host.role, part="tcp/23", why=why)
            case Ftp(anonymous=False):
                part, why = f"tcp/{service.port}", "FTP that refuses anonymous"
                yield Decoy(check="SEC-011", host=host.role, part=part, why=why)
            case Web(certificate=certificate) if (
                certificate and _days(blueprint, service) > EXPIRY_DAYS
            ):
                part, why = f"tcp/{service.port}", f"good for {_days(blueprint, service)} days"
                yield Decoy(check="SEC-007", host=host.role, part=part, why=why)
            case Snmp() if not DEFAULT_COMMUNITIES & set(service.communities):
                why = "answers its own community only"
                yield Decoy(check="NET-002", host=host.role, part="udp/161", why=why)
            case Ssh() if service.addendum and not _ended(service):
                why = f"a supported release: {service.addendum}"
                yield Decoy(check="SRV-002", host=host.role, part="", why=why)


def _days(blueprint: Blueprint, service: Web) -> int:
    if service.certificate is None:
        raise ValueError("no certificate")
    return (service.certificate.not_after_at.date() - blueprint.today).days


def _ended(service: Ssh) -> bool:
    return any(f"+deb{release}u" in service.addendum for release in ENDED)


def _switch_faults(blueprint: Blueprint, host: Host) -> Iterator[Fault]:
    plan = host.switch
    if plan is None:
        return
    for flow in plan.traffic:
        if flow.errors_per_s > ERROR_SHARE * flow.pps:
            yield Fault(check="NET-006", host=host.role, part=plan.if_name(flow.port))
    for port in sorted({c.port for c in blueprint.cables if c.via and c.switch == host.role}):
        yield Fault(check="NET-012", host=host.role, part=plan.if_name(port))


def _switch_decoys(blueprint: Blueprint, host: Host) -> Iterator[Decoy]:
    plan = host.switch
    if plan is None:
        return
    for flow in plan.traffic:
        why = _near_miss(flow)
        if why:
            yield Decoy(check="NET-006", host=host.role, part=plan.if_name(flow.port), why=why)
    for port, why in _crowded(blueprint, host.role):
        yield Decoy(check="NET-012", host=host.role, part=plan.if_name(port), why=why)


def _near_miss(flow: Traffic) -> str:
    if flow.errors_base:
        return "a high counter that no longer grows"
    if 0 < flow.errors_per_s <= ERROR_SHARE * flow.pps:
        return f"{flow.errors_per_s / flow.pps:.3%} of packets, under the limit"
    return ""


def _crowded(blueprint: Blueprint, role: str) -> Iterator[tuple[int, str]]:
    """Yield ports where several MACs are learnt for a good reason."""
    for cable in blueprint.cables:
        if cable.end_port and role == cable.switch:
            yield cable.port, "an uplink: its neighbour speaks LLDP"
        if cable.end_port and role == cable.end:
            yield cable.end_port, "an uplink: its neighbour speaks LLDP"
        if cable.end == "pub" and cable.switch == role and blueprint.wireless:
            yield cable.port, "an access point that speaks LLDP, with phones behind it"
        if cable.end == "gw" and cable.switch == role and blueprint.virtual_mac:
            yield cable.port, "a VRRP address beside the gateway's own"


def switch_plan(host: Host) -> SwitchPlan:
    """Return a switch's plan; raise KeyError for anything else."""
    if host.switch is None:
        raise KeyError(f"{host.role} is no switch")
    return host.switch
