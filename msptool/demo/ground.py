"""What all hosts of a site share, and where each of them stands in it."""

from collections.abc import Sequence
from datetime import date
from ipaddress import IPv4Network, IPv6Network

from msgspec import Struct

from msptool.demo import addressing, fates
from msptool.demo.blueprint import Ssh
from msptool.demo.draw import Draw

ROLES = (
    "gw", "sw1", "sw2", "prn", "ups", "nas", "srv1", "srv2",
    "file", "web", "legacy", "pub", "ws", "mute", "odd", "six",
)  # fmt: skip


class Ground(Struct, frozen=True, kw_only=True):
    """The common part of a plan."""

    seed: int
    today: date
    network4: IPv4Network
    network6: IPv6Network
    octets: dict[str, int]
    fates: fates.Fates
    community: str
    domain: str
    workgroup: str
    town: str

    def draw(self, role: str) -> Draw:
        """Return the chances of a host."""
        return Draw(self.seed, role)


class Spot(Struct, frozen=True, kw_only=True):
    """A host's addresses."""

    mac: str
    ip4: str | None
    ip6: str | None


def lay(seed: int, today: date) -> Ground:
    """Draw the common part."""
    site = Draw(seed, "site")
    return Ground(
        seed=seed,
        today=today,
        network4=addressing.network4(site),
        network6=addressing.network6(site),
        octets=addressing.octets(seed, (*ROLES, "laptop")),
        fates=fates.cast(seed, today),
        community=site.pick("word", _WORDS) + site.shape("community", "-#@#@"),
        domain=site.pick("domain", _DOMAINS),
        workgroup=site.pick("workgroup", ("OFFICE", "WORKGROUP", "CORP", "BUH")),
        town=site.pick("town", ("msk", "spb", "ekb", "kzn", "nsk")),
    )


def spot(ground: Ground, role: str, ouis: Sequence[str], *, v6: float = 0.5) -> Spot:
    """Return where a host stands; with an IPv6 address as often as `v6` says."""
    draw, octet = ground.draw(role), ground.octets[role]
    mac = addressing.mac(draw, ouis)
    ip6 = addressing.address6(draw, ground.network6, mac, octet) if draw.chance("v6", v6) else None
    return Spot(mac=mac, ip4=str(ground.network4[octet]), ip6=ip6)


def ssh(ground: Ground, role: str, *, addendum: str = "", port: int = 22) -> Ssh:
    """Return an sshd whose host key stays with the seed."""
    return Ssh(port=port, addendum=addendum, key=ground.draw(role).data("ssh key", 32))


_WORDS = ("mon", "zabbix", "nms", "watch", "infra")
_DOMAINS = ("office.example.com", "corp.example.net", "lan.example.org", "hq.example")
