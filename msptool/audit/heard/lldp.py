"""LLDP: who is at the other end of our cable. Pure; untrusted.

Sources: IEEE 802.1AB-2016, clause 8 (TLVs); 802.1Q-2018, annex D (00-80-C2); 802.3-2018, clause 79
(00-12-0F); ANSI/TIA-1057, clause 10 (00-12-BB: inventory, power).
"""

from collections.abc import Callable, Iterator, Mapping

from msptool.audit import macs
from msptool.audit.heard import words

_MOST_TLVS = 200
_CAPABILITIES = (
    "other", "repeater", "bridge", "wlan", "router", "phone", "docsis", "station", "c-vlan",
    "s-vlan", "two-port-relay",
)  # fmt: skip
_INVENTORY = {
    5: "hardware", 6: "firmware", 7: "software", 8: "serial", 9: "maker", 10: "model",
    11: "asset-id",
}  # fmt: skip
_PLAIN = {4: "port-descr", 5: "name", 6: "descr"}


def read(data: bytes) -> dict[str, str]:
    """Return what an LLDPDU says; {} for what does not begin with chassis, port and TTL (8.2)."""
    tlvs = list(_tlvs(data))
    if [kind for kind, _ in tlvs[:3]] != [1, 2, 3] or len(tlvs[2][1]) < 2:
        return {}
    values = {
        "chassis": _identifier(tlvs[0][1], mac=4, network=5),
        "port": _identifier(tlvs[1][1], mac=3, network=4),
        "ttl_s": str(int.from_bytes(tlvs[2][1][:2])),
    }
    vlans, places = [], []
    for kind, value in tlvs[3:]:
        if kind in _PLAIN:
            values.setdefault(_PLAIN[kind], words.text(value))
        elif kind == 7:
            values.setdefault("capabilities", _capabilities(value))
        elif kind == 8:
            places.append(_management(value))
        elif kind == 127:
            if value[:4] == b"\x00\x80\xc2\x03":
                vlans.append(_vlan(value[4:]))
            values = {**_organised(value[:3], value[3:4], value[4:]), **values}
    values |= {"addresses": words.listed(places), "vlans": words.listed(vlans)}
    return words.said(values)


def _tlvs(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, value): seven bits of type, nine of length (8.4); a cut one ends it."""
    at = 0
    for _ in range(_MOST_TLVS):
        head = int.from_bytes(data[at : at + 2])
        kind, length = head >> 9, head & 0x1FF
        value = data[at + 2 : at + 2 + length]
        if len(data) < at + 2 or kind == 0 or len(value) < length:
            return
        yield kind, value
        at += 2 + length


def _identifier(value: bytes, *, mac: int, network: int) -> str:
    """Return a chassis or port id by its subtype (8.5.2, 8.5.3)."""
    if not value:
        return ""
    if value[0] == mac:
        return macs.of(value[1:])
    if value[0] == network:
        return words.address(value[2:])
    return words.text(value[1:])


def _capabilities(value: bytes) -> str:
    """Return what is enabled (8.5.8)."""
    enabled = int.from_bytes(value[2:4])
    return " ".join(name for bit, name in enumerate(_CAPABILITIES) if enabled >> bit & 1)


def _management(value: bytes) -> str:
    """Return the address of a management address TLV: length, family, octets (8.5.9)."""
    length = value[0] if value else 0
    family, octets = value[1:2], value[2 : 1 + length]
    if family == b"\x06":  # AFN 6: the station's own MAC
        return macs.of(octets)
    return words.address(octets) if family in (b"\x01", b"\x02") else ""


def _vlan(value: bytes) -> str:
    """Return "ID NAME" (802.1Q, D.2.3)."""
    if len(value) < 3 or len(value) < 3 + value[2]:
        return ""
    return f"{int.from_bytes(value[:2])} {words.text(value[3 : 3 + value[2]])}".strip()


def _organised(oui: bytes, subtype: bytes, value: bytes) -> Mapping[str, str]:
    kind = subtype[0] if subtype else 0
    if oui == b"\x00\x12\xbb" and kind in _INVENTORY:
        return words.said({_INVENTORY[kind]: words.text(value)})
    reader = _ORGANISED.get((oui, kind))
    return words.said(reader(value)) if reader else {}


def _native(value: bytes) -> dict[str, str]:
    return {"native-vlan": str(int.from_bytes(value))} if len(value) == 2 else {}


def _power_via_mdi(value: bytes) -> dict[str, str]:
    """Support, pair, class; since 802.3at also the power asked and given, in 0.1 W (79.3.2)."""
    if len(value) < 3:
        return {}
    told = {"poe": "source" if value[0] & 1 else "device", "poe-class": str(max(0, value[2] - 1))}
    if len(value) >= 8:
        told["poe-asked_w"] = f"{int.from_bytes(value[4:6]) / 10:g}"
        told["poe-given_w"] = f"{int.from_bytes(value[6:8]) / 10:g}"
    return told


def _frame_size(value: bytes) -> dict[str, str]:
    return {"mtu": str(int.from_bytes(value))} if len(value) == 2 else {}


def _med(value: bytes) -> dict[str, str]:
    """Capabilities, then the class: 1 to 3 endpoints (3: a phone), 4 network (10.2.2)."""
    return {"med-class": str(value[2])} if len(value) >= 3 else {}


def _med_policy(value: bytes) -> dict[str, str]:
    """Application, then flags, VLAN, priorities (10.2.3); 1 is voice."""
    if len(value) < 4 or value[0] != 1:
        return {}
    return {"voice-vlan": str(int.from_bytes(value[1:4]) >> 9 & 0xFFF)}


def _med_power(value: bytes) -> dict[str, str]:
    return {"med-power_w": f"{int.from_bytes(value[1:3]) / 10:g}"} if len(value) >= 3 else {}


_ORGANISED: Mapping[tuple[bytes, int], Callable[[bytes], dict[str, str]]] = {
    (b"\x00\x80\xc2", 1): _native,
    (b"\x00\x12\x0f", 2): _power_via_mdi,
    (b"\x00\x12\x0f", 4): _frame_size,
    (b"\x00\x12\xbb", 1): _med,
    (b"\x00\x12\xbb", 2): _med_policy,
    (b"\x00\x12\xbb", 4): _med_power,
}
