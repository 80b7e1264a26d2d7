"""The plan of a scan: which addresses the client authorised, as things stand today. Pure."""

import ipaddress
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msptool.errors import OutOfScope
from msptool.profile.shape import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# More addresses than this in one run need a narrower scope: a typed /8 is a mistake, not a wish.
LIMIT = 65_536


class Addresses(Collection[Address]):
    """Addresses in their order, kept as runs of numbers: a /16 would fill megabytes."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        """Keep some addresses; those that follow on each other are one run."""
        self._runs: list[tuple[Address, int]] = []
        for address in addresses:
            if self._runs and address == self._runs[-1][0] + self._runs[-1][1]:
                self._runs[-1] = (self._runs[-1][0], self._runs[-1][1] + 1)
            else:
                self._runs.append((address, 1))

    def __iter__(self) -> Iterator[Address]:
        """Yield every address."""
        return (first + number for first, count in self._runs for number in range(count))

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(count for _, count in self._runs)

    def __contains__(self, address: object) -> bool:
        """Tell whether an address is one of them."""
        return any(
            isinstance(address, type(first)) and 0 <= int(address) - int(first) < count
            for first, count in self._runs
        )


@dataclass(frozen=True)
class Plan:
    """What may be probed: IPv4 addresses one by one; IPv6 networks, whose hosts must be learnt
    on the segment, and single IPv6 addresses.
    """

    addresses: Addresses
    learn: tuple[ipaddress.IPv6Network, ...]
    excluded: int
    networks: tuple[Network, ...]
    refused: tuple[Network, ...]

    def covers(self, address: Address) -> bool:
        """Tell whether an address met on the way may be probed. Others are not targets.

        None with a zone or with an IPv4 address inside: what it says is not where it leads.
        """
        if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.scope_id):
            return False
        return _inside(address, self.networks) and not _inside(address, self.refused)


def today(zone: str, now: datetime) -> date:
    """Return the client's date: the last day of an authorisation ends with their midnight."""
    return now.astimezone(ZoneInfo(zone)).date()


def plan(scope: Scope, today: date, only: Sequence[str] = ()) -> Plan:
    """Return what may be probed today; raise OutOfScope where nobody authorised it.

    `only` narrows the scope; a target in it that the scope does not cover refuses the whole run.
    """
    _authorised(scope, today)
    networks = tuple(_network(text, "scope.networks") for text in scope.networks)
    refused = tuple(_network(text, "scope.exclude") for text in scope.exclude)
    edges = _edges(networks)
    if only:
        networks = _narrowed(networks, only)
    large = [n for n in networks if isinstance(n, ipaddress.IPv6Network) and n.prefixlen < 120]
    listed = [n for n in networks if n not in large]
    whole = tuple(n for n in large if not any(_contains(no, n) for no in refused))
    _refuse_large(listed)
    hosts = (a for network in listed for a in _hosts(network) if a not in edges)
    found = list(dict.fromkeys(hosts))
    out = _Ranges(refused)
    kept = [a for a in found if a not in out]
    if not kept and not whole:
        raise OutOfScope(
            "scope.empty",
            "the scope holds no address of a host; nothing was sent",
            hint="scope.networks and scope.exclude; a broadcast address is no host",
        )
    return Plan(Addresses(kept), whole, len(found) - len(kept), networks, refused)


def _authorised(scope: Scope, today: date) -> None:
    if not scope.networks:
        raise OutOfScope(
            "scope.empty",
            "the profile authorises no network; nothing was sent",
            hint="name the client's networks in scope.networks; there is no default target",
        )
    if not scope.authorised_by.strip():
        raise OutOfScope(
            "scope.unnamed",
            "nobody is named who authorised the scan; nothing was sent",
            hint="scope.authorised_by: name, role and contact of the person at the client",
        )
    if scope.expires is None:
        raise OutOfScope(
            "scope.no-expiry",
            "the authorisation has no end; nothing was sent",
            hint="scope.expires: the last day on which the client allows scans",
        )
    if today > scope.expires:
        raise OutOfScope(
            "scope.expired",
            f"the authorisation ended on {scope.expires}; nothing was sent",
            hint="ask the client, then set scope.expires",
        )


def _network(text: str, key: str) -> Network:
    try:
        if "%" in text:
            raise ValueError("a zone is no part of a network")
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise OutOfScope(
            "scope.not-a-network",
            f"{key}: {text!r} is neither an address nor a network; nothing was sent",
            hint="write 192.0.2.0/24, 192.0.2.7 or 2001:db8::/64; names are not resolved",
        ) from error


def _narrowed(networks: tuple[Network, ...], only: Sequence[str]) -> tuple[Network, ...]:
    narrow = tuple(_network(text, "target") for text in only)
    joined = _joined(networks)
    for target in narrow:
        if not any(_contains(network, target) for network in joined):
            raise OutOfScope(
                "scope.outside",
                f"{target} is not in the authorised scope; nothing was sent",
                hint="add it to scope.networks only with the client's dated consent",
            )
    return narrow


def _joined(networks: Iterable[Network]) -> list[Network]:
    """Return the same addresses as few networks: neighbours joined, overlaps taken once."""
    kept = list(networks)
    v4 = [n for n in kept if isinstance(n, ipaddress.IPv4Network)]
    v6 = [n for n in kept if isinstance(n, ipaddress.IPv6Network)]
    return [*ipaddress.collapse_addresses(v4), *ipaddress.collapse_addresses(v6)]


def _contains(outer: Network, inner: Network) -> bool:
    if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _refuse_large(networks: Iterable[Network]) -> None:
    size = sum(network.num_addresses for network in _joined(networks))
    if size > LIMIT:
        raise OutOfScope(
            "scope.too-large",
            f"{size} addresses in one run, at most {LIMIT}; nothing was sent",
            hint="name smaller networks as targets: msptool audit run NETWORK…",
        )


def _hosts(network: Network) -> Iterable[Address]:
    """Return a network's host addresses: without network and broadcast address (RFC 1122)."""
    yield from network.hosts() if network.num_addresses > 1 else (network.network_address,)


def _edges(networks: Sequence[Network]) -> frozenset[Address]:
    """Return the network and broadcast addresses of the authorised networks: what is sent to one
    as a target reaches every host. Not one that the client names by itself as a host.
    """
    wide = [n for n in _joined(networks) if n.version == 4 and n.num_addresses > 2]
    named = {n.network_address for n in networks if n.num_addresses == 1}
    edges: set[Address] = {a for n in wide for a in (n.network_address, n.broadcast_address)}
    return frozenset(edges - named)


class _Ranges:
    """Networks as sorted ranges of numbers: a /16 is asked 65,536 times whether it is in one."""

    def __init__(self, networks: Iterable[Network]) -> None:
        ranges = sorted(
            (n.version, int(n.network_address), int(n.broadcast_address)) for n in _joined(networks)
        )
        self._firsts = [(version, first) for version, first, _ in ranges]
        self._lasts = [(version, last) for version, _, last in ranges]

    def __contains__(self, address: Address) -> bool:
        number = (address.version, int(address))
        at = bisect_right(self._firsts, number) - 1
        return at >= 0 and number <= self._lasts[at]


def _inside(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
