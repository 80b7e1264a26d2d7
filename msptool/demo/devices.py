"""The devices of a site: gateway, switches, printer, UPS, NAS, access point."""

from collections.abc import Sequence

from msptool.demo.blueprint import (
    Dns,
    Host,
    Ipp,
    Service,
    Smb,
    Snmp,
    Supply,
    SwitchPlan,
    Talker,
    Telnet,
    Web,
)
from msptool.demo.catalogue import (
    ACCESS_POINTS,
    NASES,
    PRINTERS,
    ROUTERS,
    SWITCHES,
    UPSES,
    Model,
)
from msptool.demo.ground import Ground, spot, ssh
from msptool.demo.products import Product
from msptool.demo.truth import Kind


def gateway(ground: Ground) -> Host:
    """Return the router: names, SNMP with the ARP table, sometimes sshd."""
    draw = ground.draw("gw")
    model = draw.pick("model", ROUTERS)
    name = draw.pick("name", ("gw-{}", "rtr-{}-01", "edge.{}")).format(ground.town)
    services: list[Service] = [Dns(domain=ground.domain), _agent(ground)]
    if draw.chance("ssh", 0.6):
        services.append(ssh(ground, "gw"))
    return _device(
        ground,
        "gw",
        "router",
        name=name,
        model=model,
        services=services,
        lldp=draw.chance("lldp", 0.5),
    )


def switch(ground: Ground, role: str) -> Host:
    """Return a managed switch; its traffic is filled in once the cables are known."""
    draw = ground.draw(role)
    model = draw.pick("model", SWITCHES)
    number = 1 if role == "sw1" else 2
    name = draw.pick("name", ("sw-{}-0{}", "SW{1}-{0}", "acc-{}-{}")).format(ground.town, number)
    services: list[Service] = [_agent(ground)]
    if draw.chance("web", 0.5):
        services.append(Web(port=80, title=f"{model.vendor} {model.model}"))
    else:
        services.append(ssh(ground, role))
    if role in ground.fates.telnet:
        services.append(Telnet())
    plan = SwitchPlan(
        model=model,
        bridge_offset=draw.pick("bridge", (0, 1, 64)) + (model.first_index == 1),
        lldp_offset=draw.pick("lldp", (0, 100, 500)),
        q_bridge=draw.chance("q-bridge", 0.6),
        vlan=draw.pick("vlan", (1, 10, 20, 100)),
        fdb_id=draw.pick("fdb", (1, 2, 7)),
        traffic=(),
    )
    return _device(
        ground, role, "switch", name=name, model=model, services=services, lldp=True, plan=plan
    )


def printer(ground: Ground) -> Host:
    """Return a printer: raw port, IPP, supplies."""
    draw = ground.draw("prn")
    model = draw.pick("model", PRINTERS)
    name = draw.pick("name", ("prn-{}", "BRN-{}-2", "printer-buh-{}")).format(ground.town)
    services: list[Service] = [
        Talker(port=9100, service="jetdirect"),
        Ipp(make_and_model=model.model),
        _agent(ground),
    ]
    return _device(
        ground,
        "prn",
        "printer",
        name=name,
        model=model,
        services=services,
        supplies=_supplies(ground),
    )


def ups(ground: Ground) -> Host:
    """Return a UPS with a network card."""
    draw = ground.draw("ups")
    model = draw.pick("model", UPSES)
    services: list[Service] = [_agent(ground), Web(port=80, title=f"{model.vendor} {model.model}")]
    if "ups" in ground.fates.fake_telnet:
        services.append(fake_telnet(ground, "ups"))
    name = draw.pick("name", ("ups-{}", "UPS-{}-RACK1", "apc-{}")).format(ground.town)
    return _device(ground, "ups", "ups", name=name, model=model, services=services, battery=True)


def nas(ground: Ground) -> Host:
    """Return a NAS: SMB, web pages, sshd."""
    draw = ground.draw("nas")
    model = draw.pick("model", NASES)
    name = draw.pick("name", ("nas-{}", "STORE-{}", "backup-{}")).format(ground.town)
    port = draw.pick("web", (80, 5000, 8080))
    services: list[Service] = [
        Smb(name=name.upper()[:15], workgroup=ground.workgroup, comment=model.model),
        Web(port=port, title=f"{name} - {model.vendor} {model.model}"),
        _agent(ground),
    ]
    if draw.chance("ssh", 0.6):
        services.append(ssh(ground, "nas"))
    return _device(ground, "nas", "nas", name=name, model=model, services=services)


def access_point(ground: Ground) -> Host:
    """Return the access point that under some seeds answers a community everyone knows."""
    draw = ground.draw("pub")
    model = draw.pick("model", ACCESS_POINTS)
    name = draw.pick("name", ("ap-{}", "wifi-{}-1", "AP{}")).format(ground.town)
    default = ground.fates.default_community
    communities = (ground.community, default) if default else (ground.community,)
    services: list[Service] = [ssh(ground, "pub"), Snmp(communities=communities)]
    return _device(
        ground, "pub", "access-point", name=name, model=model, services=services, lldp=True
    )


def fake_telnet(ground: Ground, role: str) -> Talker:
    """Return something on port 23 that speaks no telnet: not one IAC (byte 255)."""
    greeting = ground.draw(role).pick("greeting", _NOT_TELNET)
    return Talker(port=23, service="unknown", greeting=greeting, reply="ERR 02\r\n")


def odd_talker(product: Product) -> Talker:
    """Return the one service of a host with an unusual port."""
    return Talker(port=product.port, service=product.service, reply=product.reply)


def _agent(ground: Ground) -> Snmp:
    return Snmp(communities=(ground.community,))


def _device(
    ground: Ground,
    role: str,
    kind: Kind,
    *,
    name: str,
    model: Model,
    services: Sequence[Service],
    lldp: bool = False,
    plan: SwitchPlan | None = None,
    battery: bool = False,
    supplies: tuple[Supply, ...] = (),
) -> Host:
    draw = ground.draw(role)
    place = spot(ground, role, model.ouis)
    version, serial = draw.pick("version", model.versions), draw.shape("serial", model.serial)
    words = {"model": model.model, "version": version, "serial": serial, "name": name}
    return Host(
        role=role,
        kind=kind,
        name=name,
        mac=place.mac,
        ip4=place.ip4,
        ip6=place.ip6,
        services=tuple(services),
        model=model,
        serial=serial,
        version=version,
        descr=model.descr.format(**words),
        lldp=lldp,
        switch=plan,
        ups=ground.fates.ups if battery else None,
        supplies=supplies,
    )


def _supplies(ground: Ground) -> tuple[Supply, ...]:
    """Toner and drum (prtMarkerSuppliesType 3 and 9), each as full as the seed says."""
    draw = ground.draw("prn")
    toner, drum = draw.pick("toner", (3000, 7200, 12000)), draw.pick("drum", (30000, 100000))
    return (
        Supply(
            description="Black Toner Cartridge",
            colour="black",
            capacity=toner,
            level=toner * draw.number("toner left", 2, 100) // 100,
            kind=3,
        ),
        Supply(
            description="Drum Unit",
            colour="",
            capacity=drum,
            level=drum * draw.number("drum left", 5, 100) // 100,
            kind=9,
        ),
    )


_NOT_TELNET = (
    "SCALE READY v2.11\r\n",
    "220 lab controller ready\r\n",
    "# PDU CONSOLE PROXY, NOT LOGGED IN\r\n",
)
