"""CDP: Cisco's announcements, which many switches and phones send. Pure; untrusted.

Source: Cisco, "Frame Formats", CDP (2001) and the type numbers that later devices send, as named
in CISCO-CDP-MIB (duplex, native VLAN, VTP domain, appliance VLAN, power, management addresses).
"""

from collections.abc import Callable, Iterator, Mapping

from msptool.audit.heard import words

_MOST_TLVS = 100
_CAPABILITIES = (
    "router", "bridge", "source-route-bridge", "switch", "host", "igmp", "repeater", "phone",
    "remote", "cvta", "two-port-relay",
)  # fmt: skip


def read(data: bytes) -> dict[str, str]:
    """Return what a CDP packet says; {} for what is none: version 1 or 2, TTL, checksum, TLVs."""
    if len(data) < 4 or data[0] not in (1, 2):
        return {}
    values: dict[str, str] = {}
    for kind, value in _tlvs(data[4:]):
        told = {_TEXTS[kind]: words.text(value)} if kind in _TEXTS else {}
        if kind in _READERS:
            told = _READERS[kind](value)
        values = {**told, **values}
    values = words.said(values)
    return {**values, "ttl_s": str(data[1])} if values else {}


def _tlvs(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, value): two octets each of type and of length, which counts these four."""
    at = 0
    for _ in range(_MOST_TLVS):
        kind, length = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        if length < 4 or at + length > len(data):
            return
        yield kind, data[at + 4 : at + length]
        at += length


def _places(value: bytes) -> list[str]:
    """Return addresses: how many, then each with protocol type, its length, protocol, length."""
    found, at = [], 4
    for _ in range(min(int.from_bytes(value[:4]), 32)):
        if len(value) < at + 2:
            break
        protocol = value[at + 2 : at + 2 + value[at + 1]]
        at += 2 + value[at + 1]
        length = int.from_bytes(value[at : at + 2])
        octets = value[at + 2 : at + 2 + length]
        if protocol == b"\xcc" or protocol[-2:] == b"\x86\xdd":
            found.append(words.address(octets))
        at += 2 + length
    return found


def _addresses(value: bytes) -> dict[str, str]:
    return {"addresses": words.listed(_places(value))}


def _management(value: bytes) -> dict[str, str]:
    return {"management": words.listed(_places(value))}


def _capabilities(value: bytes) -> dict[str, str]:
    bits = int.from_bytes(value[:4])
    return {"capabilities": " ".join(n for bit, n in enumerate(_CAPABILITIES) if bits >> bit & 1)}


def _native(value: bytes) -> dict[str, str]:
    return {"native-vlan": str(int.from_bytes(value))} if len(value) == 2 else {}


def _duplex(value: bytes) -> dict[str, str]:
    return {"duplex": "full" if value[0] else "half"} if len(value) == 1 else {}


def _voice(value: bytes) -> dict[str, str]:
    """An appliance (1: a phone) and its VLAN."""
    return {"voice-vlan": str(int.from_bytes(value[1:3]))} if len(value) >= 3 else {}


def _power(value: bytes) -> dict[str, str]:
    return {"power_w": f"{int.from_bytes(value) / 1000:g}"} if len(value) == 2 else {}


_TEXTS = {1: "name", 3: "port", 5: "version", 6: "platform", 9: "vtp-domain", 20: "system-name"}
_READERS: Mapping[int, Callable[[bytes], dict[str, str]]] = {
    2: _addresses, 4: _capabilities, 10: _native, 11: _duplex, 14: _voice, 16: _power,
    22: _management,
}  # fmt: skip
