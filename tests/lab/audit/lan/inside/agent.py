"""A small SNMP v2c agent (RFC 3416): the system group, and on the router its ARP table."""

from bisect import bisect_right

from tests.lab.audit.lan.truth import Host, Lan
from tests.lab.audit.lan.voices.ntlm import der

Oid = tuple[int, ...]
_SYSTEM = (1, 3, 6, 1, 2, 1, 1)
_ARP = (1, 3, 6, 1, 2, 1, 4, 22, 1)  # ipNetToMediaEntry, RFC 4293
_NEW_ARP = (1, 3, 6, 1, 2, 1, 4, 35, 1)  # ipNetToPhysicalEntry
_GET, _NEXT, _RESPONSE, _BULK = 0xA0, 0xA1, 0xA2, 0xA5
_NO_SUCH, _END = b"\x81\0", b"\x82\0"
_MOST = 40  # rows of one answer
_MAKERS = {"gateway": (14988, 1), "printer": (11, 2, 3, 9, 1), "plc": (3833, 1)}


class Agent:
    """What one host tells to whoever knows its community."""

    def __init__(self, lan: Lan, host: Host) -> None:
        self._community = lan.community.encode()
        rows = dict(_system(host))
        if host is lan.gateway:
            rows |= _neighbours(lan)
        self._rows = rows
        self._order = sorted(rows)

    def answer(self, asked: bytes) -> bytes:
        """Return the answer to a message; nothing to a wrong community or to rubbish."""
        try:
            return self._answer(asked)
        except (IndexError, ValueError):
            return b""

    def _answer(self, asked: bytes) -> bytes:
        version, community, pdu = items(items(asked)[0][1])
        if community[1] != self._community or pdu[0] not in (_GET, _NEXT, _BULK):
            return b""
        number, first, second, bindings = items(pdu[1])
        oids = [read_oid(items(one)[0][1]) for _, one in items(bindings[1])]
        repeat = int.from_bytes(second[1], "big") if pdu[0] == _BULK else 1
        plain = int.from_bytes(first[1], "big") if pdu[0] == _BULK else 0
        told = b"".join(self._told(pdu[0], oids, plain, min(repeat, _MOST)))
        zero = der(2, b"\0")
        body = der(_RESPONSE, der(2, number[1]) + zero + zero + der(0x30, told))
        return der(0x30, der(version[0], version[1]) + der(4, community[1]) + body)

    def _told(self, kind: int, oids: list[Oid], plain: int, repeat: int) -> list[bytes]:
        if kind == _GET:
            return [_binding(oid, self._rows.get(oid, _NO_SUCH)) for oid in oids]
        told = []
        for at in range(repeat):
            for number, oid in enumerate(oids):
                if at and number < plain:
                    continue
                oids[number], value = self._after(oid)
                told.append(_binding(oids[number], value))
        return told

    def _after(self, oid: Oid) -> tuple[Oid, bytes]:
        at = bisect_right(self._order, oid)
        if at == len(self._order):
            return oid, _END
        return self._order[at], self._rows[self._order[at]]


def _system(host: Host) -> list[tuple[Oid, bytes]]:
    maker = _MAKERS.get(host.kind, (8072, 3, 2, 10))
    values = (
        der(4, f"{host.kind} {host.name}".encode()), der(6, coded((1, 3, 6, 1, 4, 1, *maker))),
        der(0x43, b"\x01\x00\x00"), der(4, b""), der(4, host.name.encode()), der(4, b"Office"),
        der(2, b"\x48"),
    )  # fmt: skip
    return [((*_SYSTEM, number, 0), value) for number, value in enumerate(values, 1)]


def _neighbours(lan: Lan) -> dict[Oid, bytes]:
    """Both tables of the router: index 2, each host by address; type 3, dynamic."""
    rows: dict[Oid, bytes] = {}
    for host in lan.hosts[1:]:
        address = tuple(int(part) for part in host.address.split("."))
        mac = der(4, bytes.fromhex(host.mac.replace(":", "")))
        rows[*_ARP, 1, 2, *address] = der(2, b"\x02")
        rows[*_ARP, 2, 2, *address] = mac
        rows[*_ARP, 3, 2, *address] = der(0x40, bytes(address))
        rows[*_ARP, 4, 2, *address] = der(2, b"\x03")
        rows[*_NEW_ARP, 4, 2, 1, 4, *address] = mac
        rows[*_NEW_ARP, 6, 2, 1, 4, *address] = der(2, b"\x03")
    return rows


def _binding(oid: Oid, value: bytes) -> bytes:
    return der(0x30, der(6, coded(oid)) + value)


def coded(oid: Oid) -> bytes:
    """Return an object identifier's content in BER (X.690, 8.19)."""
    told = bytes([oid[0] * 40 + oid[1]])
    for arc in oid[2:]:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.insert(0, arc & 0x7F | 0x80)
        told += bytes(septets)
    return told


def read_oid(raw: bytes) -> Oid:
    """Return the object identifier of such content."""
    arcs, arc = [raw[0] // 40, raw[0] % 40], 0
    for byte in raw[1:]:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    return tuple(arcs)


def items(data: bytes) -> list[tuple[int, bytes]]:
    """Return (tag, content) of the elements that stand one after the other."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            octets = size & 0x7F
            size, at = int.from_bytes(data[at : at + octets], "big"), at + octets
        found.append((tag, data[at : at + size]))
        at += size
    return found
