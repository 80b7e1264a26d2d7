"""Is it up? TCP connections and SNMP GETs, all in one loop until one deadline."""

import socket
import time
from collections.abc import Callable
from typing import Any

from msptool import clock

Target = dict[str, Any]
_TRY_S, _PAUSE_S = 0.25, 0.005


def missing(
    targets: list[Target], deadline_s: float, each_round: Callable[[], None]
) -> list[Target]:
    """Wait until every target answers; return those that did not by the deadline (monotonic).

    A target has address, proto ("tcp" or "snmp"), port and community.
    """
    left = list(targets)
    while left and clock.monotonic_s() < deadline_s:
        left = [target for target in left if not _answers(target)]
        if left:
            each_round()
            time.sleep(_PAUSE_S)
    return left


def _answers(target: Target) -> bool:
    try:
        if target["proto"] == "tcp":
            with socket.create_connection((target["address"], target["port"]), timeout=_TRY_S):
                return True
        return _snmp_answers(target)
    except OSError:
        return False


def _snmp_answers(target: Target) -> bool:
    family = socket.AF_INET6 if ":" in target["address"] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(_TRY_S)
        line.connect((target["address"], target["port"]))
        line.send(get_uptime(target["community"]))
        return bool(line.recv(1500))


def get_uptime(community: str) -> bytes:
    """Return an SNMPv2c GET of sysUpTime.0 in BER (RFC 3416)."""
    binding = _ber(0x30, _ber(0x06, bytes([43, 6, 1, 2, 1, 1, 3, 0])) + _ber(0x05, b""))
    zero, request = _ber(0x02, b"\0"), _ber(0x02, b"\x11")
    pdu = _ber(0xA0, request + zero + zero + _ber(0x30, binding))
    return _ber(0x30, _ber(0x02, b"\x01") + _ber(0x04, community.encode()) + pdu)


def _ber(tag: int, body: bytes) -> bytes:
    return bytes([tag, len(body)]) + body
