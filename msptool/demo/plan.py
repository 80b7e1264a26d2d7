"""The planner: a seed and a day in, a whole site out. Pure: nothing is started or looked at."""

from datetime import date

import msgspec

from msptool.demo import addressing, cabling, devices, machines, telling
from msptool.demo.blueprint import Blueprint, Cable, Host, LaptopPlan
from msptool.demo.draw import Draw
from msptool.demo.ground import Ground, lay, spot
from msptool.demo.products import DESK_OUIS
from msptool.demo.truth import Truth


def plan(seed: int, today: date) -> Truth:
    """Return the truth of a seed, before anything starts."""
    return telling.truth(blueprint(seed, today))


def blueprint(seed: int, today: date) -> Blueprint:
    """Return all that was decided, from which programs and truth follow."""
    ground = lay(seed, today)
    hosts = _hosts(ground)
    plans = {host.role: host.switch for host in hosts if host.switch is not None}
    wires = cabling.cables(seed, ground.fates, plans)
    return Blueprint(
        seed=seed,
        today=today,
        network4=str(ground.network4),
        network6=str(ground.network6),
        domain=ground.domain,
        laptop=_laptop(ground),
        hosts=tuple(_with_traffic(ground, host, wires) for host in hosts),
        cables=wires,
        community=ground.community,
        user_key=Draw(seed, "site").data("user key", 32),
        unprotected=ground.fates.unprotected,
        virtual_mac=_virtual_mac(ground),
        wireless=_wireless(ground),
    )


def _hosts(ground: Ground) -> tuple[Host, ...]:
    return (
        devices.gateway(ground),
        devices.switch(ground, "sw1"),
        devices.switch(ground, "sw2"),
        devices.printer(ground),
        devices.ups(ground),
        devices.nas(ground),
        machines.server(ground, "srv1"),
        machines.server(ground, "srv2"),
        machines.file_server(ground),
        machines.web_server(ground),
        machines.legacy(ground),
        devices.access_point(ground),
        machines.workstation(ground),
        machines.mute(ground),
        machines.odd(ground),
        machines.six(ground),
    )


def _with_traffic(ground: Ground, host: Host, wires: tuple[Cable, ...]) -> Host:
    if host.switch is None:
        return host
    traffic = cabling.traffic(ground.seed, host.role, ground.fates, wires)
    return msgspec.structs.replace(
        host, switch=msgspec.structs.replace(host.switch, traffic=traffic)
    )


def _laptop(ground: Ground) -> LaptopPlan:
    place = spot(ground, "laptop", DESK_OUIS)
    octet = ground.octets["laptop"]
    return LaptopPlan(
        mac=place.mac,
        ip4=str(ground.network4[octet]),
        ip6=addressing.address6(ground.draw("laptop"), ground.network6, place.mac, octet),
    )


def _virtual_mac(ground: Ground) -> str:
    """VRRP's address (RFC 5798, 7.3) on the gateway's port, under half of the seeds."""
    draw = ground.draw("gw")
    if not draw.chance("vrrp", 0.5):
        return ""
    return f"00:00:5E:00:01:{draw.number('vrid', 1, 250):02X}"


def _wireless(ground: Ground) -> tuple[str, ...]:
    """Phones asleep behind the access point: random MACs with the local bit."""
    draw = ground.draw("pub")
    count = draw.pick("phones", (0, 2, 3))
    heads = (draw.data(f"phone {n}", 6) for n in range(count))
    return tuple(":".join(f"{b:02X}" for b in [head[0] & 0xFC | 2, *head[1:]]) for head in heads)
