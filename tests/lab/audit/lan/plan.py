"""The LAN of a seed: which hosts there are, where they stand, what they drop. Pure."""

import random
from collections.abc import Sequence
from ipaddress import IPv4Network

from msgspec import structs

from tests.lab.audit.lan import roles
from tests.lab.audit.lan.truth import Drops, Host, Lan, Manner, Service

NETWORK = IPv4Network("192.0.2.0/24")  # RFC 5737: nobody's network
BEYOND = ("198.51.100.1", "198.51.100.2")  # the router's and the laptop's ends of the relay
# How many of each kind stand among 60 hosts; the 12 hosts of one port come beside them.
KINDS = {
    "gateway": 1, "dc": 2, "windows": 6, "sql": 2, "proxmox": 3, "esxi": 1, "web": 5,
    "database": 5, "mail": 2, "nas": 3, "printer": 5, "plc": 2, "s7": 1, "modality": 1,
    "camera": 3, "dvr": 1, "pbx": 1, "broker": 2, "onec": 2,
}  # fmt: skip
WHOLE = 60
REDIS = 28
SILENT = 3


def draw(
    seed: int,
    *,
    hosts: int = WHOLE,
    routed: bool = False,
    stalls: int = 0,
    router_snmp: bool = False,
    udp: bool = False,
) -> Lan:
    """Return the LAN of a seed. Of `hosts` a fifth drop ping, another all but one port.

    `stalls` of the hosts that drop nothing stall or drip, in turn; all else stays as it is.
    """
    luck = random.Random(f"lan {seed}")
    lone = hosts // 5
    kinds = _kinds(luck, hosts - lone)
    made = [_services(luck, kind, number) for number, kind in enumerate(kinds)]
    lonely = roles.lone(luck, lone)
    alone_redis = sum(service.protocol == "redis" for service in lonely)
    _spread(
        luck, kinds, made, REDIS * hosts // WHOLE - alone_redis, max(1, SILENT * hosts // WHOLE)
    )
    dropping = set(luck.sample(range(1, len(kinds)), lone))
    octets = [1, *luck.sample(range(2, 254), hosts)]
    manners = _manners(seed, [n for n in range(1, len(kinds)) if n not in dropping], stalls)
    found = [
        _host(luck, kind, octets[n], made[n], "ping" if n in dropping else "", manners.get(n, ""))
        for n, kind in enumerate(kinds)
    ] + [
        _host(luck, "lone", octets[len(kinds) + n], [one], "all")
        for n, one in enumerate(lonely)
    ]  # fmt: skip
    return Lan(
        seed=seed,
        network=str(NETWORK),
        laptop=BEYOND[1] if routed else str(NETWORK[octets[hosts]]),
        laptop_mac=_mac(luck, ("8C:EC:4B",)),
        routed=routed,
        hosts=tuple(_with_udp(host) for host in found) if udp else tuple(found),
        router_snmp=router_snmp,
    )


def _kinds(luck: random.Random, count: int) -> list[str]:
    """Return the kinds of so many hosts, in the proportions of the whole; the gateway first."""
    whole = [(n / amount, kind) for kind, amount in KINDS.items() for n in range(amount)]
    luck.shuffle(whole)
    rest = [kind for _, kind in sorted(whole, key=lambda pair: pair[0]) if kind != "gateway"]
    return ["gateway", *rest[: count - 1]]


def _services(luck: random.Random, kind: str, number: int) -> list[Service]:
    return list(roles.ROLES[kind](luck, f"{kind}{number:02d}"))


def _spread(
    luck: random.Random, kinds: Sequence[str], made: list[list[Service]], redis: int, silent: int
) -> None:
    """Put Redis and services that keep silent on hosts that may have them."""
    able = [n for n, kind in enumerate(kinds) if kind not in roles.DEVICES]
    for at, n in enumerate(luck.sample(able, max(0, min(redis, len(able))))):
        made[n].append(roles.redis(luck, odd=at % 8 == 7))
    silent = min(silent, len(able))
    for n, port in zip(luck.sample(able, silent), luck.sample(roles.MUTE, silent), strict=True):
        made[n].append(Service(port=port, protocol="unknown", voice="silent", nameable=False))


def _manners(seed: int, able: list[int], stalls: int) -> dict[int, Manner]:
    """Return who stalls and who drips; from a luck of its own, so that nothing else moves."""
    chosen = random.Random(f"stalls {seed}").sample(able, min(stalls, len(able)))
    return {n: "stall" if at % 2 == 0 else "drip" for at, n in enumerate(chosen)}


def _host(  # noqa: PLR0917 - all of it is what a host is
    luck: random.Random,
    kind: str,
    octet: int,
    services: Sequence[Service],
    drops: Drops,
    manner: Manner = "",
) -> Host:
    unique = {service.port: service for service in services}
    return Host(
        name=f"{kind}-{octet}",
        kind=kind,
        address=str(NETWORK[octet]),
        mac=_mac(luck, roles.OUIS.get(kind, roles.OUIS["windows"])),
        services=tuple(unique[port] for port in sorted(unique)),
        drops=drops,
        manner=manner,
    )


def _mac(luck: random.Random, ouis: Sequence[str]) -> str:
    tail = ":".join(f"{luck.randrange(256):02x}" for _ in range(3))
    return f"{luck.choice(list(ouis)).lower()}:{tail}"


def _with_udp(host: Host) -> Host:
    """Return the host with the UDP services of its kind."""
    return structs.replace(host, udp=roles.UDP.get(host.kind, ()))
