"""The UDP services of some hosts: DNS, NTP, NetBIOS names, mDNS, SNMP."""

import asyncio
import struct
from collections.abc import Callable
from typing import Any

from tests.lab.audit.lan.inside import agent
from tests.lab.audit.lan.truth import Host, Lan
from tests.lab.audit.lan.voices.binary import answer_dns

PORTS = {"dns": 53, "ntp": 123, "nbns": 137, "snmp": 161, "mdns": 5353}
Answer = Callable[[bytes], bytes]


def answers(lan: Lan, host: Host) -> dict[int, Answer]:
    """Return by port what a host answers."""
    names = set(host.udp) | ({"snmp"} if host is lan.gateway and lan.router_snmp else set())
    made: dict[str, Answer] = {
        "dns": answer_dns,
        "ntp": _ntp,
        "nbns": lambda asked: _nbns(asked, host),
        "mdns": lambda asked: _mdns(asked, host),
    }
    if "snmp" in names:
        made["snmp"] = agent.Agent(lan, host).answer
    return {PORTS[name]: made[name] for name in names}


class Endpoint(asyncio.DatagramProtocol):
    """One UDP port."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        told = self._answer(data)
        if told:
            self._transport.sendto(told, addr)


def _ntp(asked: bytes) -> bytes:
    """RFC 5905, 7.3: a server of stratum 3."""
    if len(asked) < 48:
        return b""
    stamp = struct.pack(">II", 0xECB5_0000, 0)
    head = bytes([0x24, 3, 6, 0xEC]) + bytes(8) + b"\xc0\x00\x02\x01"
    return head + stamp + asked[40:48] + stamp + stamp


def _nbns(asked: bytes, host: Host) -> bytes:
    """RFC 1002, 4.2.18: the names of a node, and its MAC."""
    if len(asked) < 50 or asked[46:48] != b"\0\x21":
        return b""
    name = host.name.upper()[:15].encode()
    rows = ((name, 0, 0x0400), (name, 0x20, 0x0400), (b"OFFICE", 0, 0x8400))
    body = bytes([len(rows)]) + b"".join(
        text.ljust(15) + bytes([kind]) + struct.pack(">H", flags) for text, kind, flags in rows
    )
    body += bytes.fromhex(host.mac.replace(":", "")) + bytes(40)
    head = asked[:2] + b"\x84\0\0\0\0\x01\0\0\0\0"
    return head + asked[12:46] + b"\0\x21\0\x01\0\0\0\0" + struct.pack(">H", len(body)) + body


def _mdns(asked: bytes, host: Host) -> bytes:
    """RFC 6762: one service type to whoever asks for all of them."""
    if len(asked) < 12 or b"\x09_services\x07_dns-sd\x04_udp\x05local\0" not in asked:
        return b""
    kind = b"\x04_ipp\x04_tcp" if host.kind == "printer" else b"\x04_smb\x04_tcp"
    question = b"\x09_services\x07_dns-sd\x04_udp\x05local\0\0\x0c\0\x01"
    target = kind + b"\x05local\0"
    record = b"\xc0\x0c\0\x0c\0\x01\0\0\0\x0a" + struct.pack(">H", len(target)) + target
    return asked[:2] + b"\x84\0\0\x01\0\x01\0\0\0\0" + question + record
