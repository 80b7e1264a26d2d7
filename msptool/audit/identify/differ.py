"""Which identifiers may join, and what speaks against it: the rule of demotion, as a table. Pure.

An identifier that is seen at the same time on machines that differ in another strong one is not
believed: images are cloned with their SSH keys and ids, partitions share a serial, a docking
station's MAC goes from laptop to laptop, a proxy answers ARP for others.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from msptool.audit.identify import marks

Traits: TypeAlias = Mapping[str, set[str]]

# The order in which identifiers join: what a factory made before what a disk holds.
ORDER = ("serial", "hardware", "mac", "guid", "uuid", "engine", "hostkey")
# By kind of identifier: in what else its holders must not differ. Machines have several MACs, so
# MACs speak against nothing that is soldered in; a name speaks only against what is copied.
_COPIED = ("serial", "hardware", "guid", "hostkey", "engine", "mac", "name")
AGAINST: Mapping[str, tuple[str, ...]] = {
    "serial": ("guid", "hostkey"),
    "hardware": ("serial", "guid", "hostkey"),
    "mac": ("serial", "hardware", "guid", "hostkey"),
    "guid": _COPIED,
    "uuid": _COPIED,
    "engine": _COPIED,
    "hostkey": _COPIED,
}
WHY = {
    "serial": "their serial numbers differ",
    "hardware": "their SNMP engines differ",
    "engine": "their SNMP engines differ",
    "mac": "their MACs differ",
    "guid": "their SMB servers differ",
    "hostkey": "their SSH host keys differ",
    "name": "their names differ",
}


def kind_of(key: str) -> str:
    """Return the kind of an identifier; an engine id made of a MAC is hardware."""
    kind, _, value = key.partition(":")
    return "hardware" if kind == "engine" and marks.engine_mac(value) else kind


def order(key: str) -> tuple[int, str]:
    """Sort identifiers into the order in which they join."""
    kind = kind_of(key)
    return (ORDER.index(kind) if kind in ORDER else len(ORDER)), key


def differ(key: str, holders: Sequence[Traits]) -> str:
    """Return in what the holders of an identifier differ; "" where nothing speaks against their
    being one machine.
    """
    kind = kind_of(key)
    for other in AGAINST.get(kind, ()):
        values = [one[other] - {key} for one in holders if one.get(other, set()) - {key}]
        if other == kind or _parts(values) < 2:  # noqa: PLR2004 - two that have nothing in common
            continue
        if other == "mac" and _is_one_card(holders, values):
            continue
        return WHY[other]
    return ""


def _parts(values: Iterable[set[str]]) -> int:
    """Count the classes of sets that hang together by common values; near linear."""
    leader: dict[str, str] = {}

    def root(value: str) -> str:
        while leader[value] != value:
            leader[value] = leader[leader[value]]
            value = leader[value]
        return value

    for some in values:
        first = next(iter(some))
        for value in some:
            leader.setdefault(value, value)
            leader[root(value)] = root(leader.setdefault(first, first))
    return len({root(value) for value in leader})


def _is_one_card(holders: Sequence[Traits], macs: Sequence[set[str]]) -> bool:
    """Tell whether holders of one name show MACs as near as the ports of one card are."""
    names = [one.get("name", set()) for one in holders]
    if not all(names) or _parts(names) > 1:
        return False
    near = sorted(mac.removeprefix("mac:") for some in macs for mac in some)
    return all(marks.are_neighbours(a, b) for a, b in zip(near, near[1:], strict=False))
