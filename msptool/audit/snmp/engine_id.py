"""Who an SNMP v3 agent is, without any credential: its engine id, boots and uptime. Pure.

A question with no user and no engine id is answered by a report that tells them (RFC 3414, 4).
What an engine id holds: RFC 3411, 5, SnmpEngineID. It stays when addresses and names change.
"""

from collections.abc import Mapping
from ipaddress import ip_address

from msptool.audit.snmp import pdu, secure
from msptool.audit.snmp.ber import Malformed

MESSAGE_ID = 0x4D53_5031
QUESTION: bytes = secure.discovery(MESSAGE_ID)
_SHORTEST, _LONGEST = 5, 32
_MOST = 0x7FFF_FFFF


def parse(reply: bytes) -> Mapping[str, str]:
    """Return engine_id (hex), enterprise, boots, uptime_s, and of mac, address and text the one
    that the id holds; empty for what is no report to QUESTION.
    """
    try:
        seen = secure.outer(reply)
        found = secure.opened(reply, seen, secure.NOBODY)
    except (Malformed, secure.Unauthentic):
        return {}
    engine = seen.engine
    is_report = found.tag == pdu.REPORT and seen.message_id == MESSAGE_ID
    if not is_report or not is_sound(engine):
        return {}
    return {
        **meaning(engine.ident),
        "boots": str(engine.boots),
        "uptime_s": str(engine.time_s),
    }


def is_sound(engine: secure.Engine) -> bool:
    """Tell whether an engine's id, boots and time are such as RFC 3411 and RFC 3414 allow."""
    long_enough = _SHORTEST <= len(engine.ident) <= _LONGEST and any(engine.ident)
    return long_enough and 0 <= engine.boots <= _MOST and 0 <= engine.time_s <= _MOST


def meaning(ident: bytes) -> dict[str, str]:
    """Return what an engine id says of its engine."""
    number = int.from_bytes(ident[:4], "big")
    told = {"engine_id": ident.hex(), "enterprise": str(number & 0x7FFF_FFFF)}
    if number & 0x8000_0000:
        told.update(_held(ident[4], ident[5:]))
    return told


def _held(form: int, data: bytes) -> Mapping[str, str]:
    """Return what stands behind the octet that names its form."""
    if (form, len(data)) in ((1, 4), (2, 16)):
        return {"address": str(ip_address(data))}
    if form == 3 and len(data) == 6 and any(data):
        return {"mac": data.hex(":")}
    if form == 4 and data:
        text = data.rstrip(b"\0").decode("utf-8", "replace")
        return {"text": text} if text.isprintable() and text else {}
    return {}
