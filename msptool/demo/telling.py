"""From the plan to the truth: what a scan must find, must not find, and cannot find."""

from collections.abc import Iterator

from msptool.demo import verdicts
from msptool.demo.blueprint import (
    Blueprint,
    Cable,
    Dns,
    Ftp,
    Host,
    Ipp,
    Service,
    Smb,
    Snmp,
    Ssh,
    Talker,
    Telnet,
    Web,
)
from msptool.demo.truth import (
    Host as TrueHost,
)
from msptool.demo.truth import (
    Identity,
    Laptop,
    Link,
    Port,
    SnmpAccess,
    Truth,
    Unseen,
    Way,
)


def truth(blueprint: Blueprint) -> Truth:
    """Return what the plan amounts to."""
    return Truth(
        seed=blueprint.seed,
        today=blueprint.today,
        networks=(blueprint.network4, blueprint.network6),
        laptop=Laptop(
            address=blueprint.laptop.ip4, address6=blueprint.laptop.ip6, mac=blueprint.laptop.mac
        ),
        hosts=tuple(_host(host) for host in blueprint.hosts),
        links=tuple(_link(blueprint, cable) for cable in blueprint.cables),
        faults=tuple(verdicts.faults(blueprint)),
        decoys=tuple(verdicts.decoys(blueprint)),
        unseen=tuple(Unseen(why=why) for why in _unseen(blueprint)),
    )


def ports(service: Service) -> tuple[Port, ...]:
    """Return what a scan sees of a service."""
    match service:
        case Ssh():
            seen = [_tcp(service.port, "ssh")]
        case Telnet():
            seen = [_tcp(23, "telnet")]
        case Talker():
            seen = [_tcp(service.port, service.service)]
        case Ftp():
            seen = [_tcp(service.port, "ftp")]
        case Web():
            seen = [_tcp(service.port, "https" if service.certificate else "http")]
        case Dns():
            seen = [_tcp(53, "domain"), Port(port=53, proto="udp", service="domain")]
        case Smb():
            seen = [_tcp(139, "netbios-ssn"), _tcp(445, "smb")]
        case Ipp():
            seen = [_tcp(80, "http"), _tcp(631, "ipp")]
        case Snmp():
            seen = [Port(port=161, proto="udp", service="snmp")]
    return tuple(seen)


def _tcp(port: int, service: str) -> Port:
    return Port(port=port, proto="tcp", service=service)


def _host(host: Host) -> TrueHost:
    found = {port for service in host.services for port in ports(service)}
    snmp = host.snmp()
    return TrueHost(
        name=host.role,
        kind=host.kind,
        ip4=host.ip4,
        ip6=host.ip6,
        mac=host.mac,
        found_by=tuple(_ways(host)),
        ports=tuple(sorted(found, key=lambda port: (port.proto, port.port))),
        identity=_identity(host),
        snmp=SnmpAccess(community=snmp.communities[-1]) if snmp else None,
    )


def _ways(host: Host) -> Iterator[Way]:
    if host.ip4:
        yield "arp"
    if host.drops_ping:
        return
    if host.ip6:
        yield "nd"
    if host.ip4:
        yield "ping"


def _identity(host: Host) -> Identity:
    """What the protocols tell: SNMP for devices, NetBIOS names for Samba."""
    smb = next((s for s in host.services if isinstance(s, Smb)), None)
    if host.snmp() is None:
        return Identity(sys_name=smb.name if smb else None)
    if host.model is None:
        return Identity(sys_name=host.name)
    serial = host.serial if verdicts.tells_serial(host) else None
    return Identity(
        vendor=host.model.vendor, model=host.model.model, serial=serial, sys_name=host.name
    )


def _link(blueprint: Blueprint, cable: Cable) -> Link:
    return Link(
        a=cable.end,
        a_port=_end_port(blueprint, cable),
        b=cable.switch,
        b_port=if_name(blueprint, cable.switch, cable.port),
        via=cable.via,
    )


def _end_port(blueprint: Blueprint, cable: Cable) -> str:
    return if_name(blueprint, cable.end, cable.end_port) if cable.end_port else ""


def if_name(blueprint: Blueprint, role: str, port: int) -> str:
    """Return the name of a switch's port."""
    return verdicts.switch_plan(blueprint.host(role)).if_name(port)


def _unseen(blueprint: Blueprint) -> Iterator[str]:
    for role in sorted({c.switch for c in blueprint.cables if c.via}):
        port = next(c.port for c in blueprint.cables if c.via and c.switch == role)
        yield f"the unmanaged switch behind {role} {if_name(blueprint, role, port)} has no address"
    for host in blueprint.hosts:
        if host.drops_ping:
            yield f"{host.role} answers no echo request, over IPv4 or IPv6"
        if host.snmp() is None and host.role in {"ws", "mute", "odd", "six", "legacy"}:
            yield f"{host.role} tells neither vendor nor model nor serial"
    if blueprint.wireless:
        yield f"{len(blueprint.wireless)} phones asleep behind pub: MACs in the FDB, no address"
