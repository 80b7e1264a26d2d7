"""MQTT: a CONNECT of a version that is none; the refusal names the protocol, and nobody came in.

Source: MQTT 3.1.1, 3.1.2.2 and 3.2.2.3 (return code 1); MQTT 5, 3.2.2.2 (reason 0x84).
"""

from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, at_least, told

_ASK = bytes.fromhex("1013 0004 4d515454 7f 02 000a 0007 6d7370746f6f6c".replace(" ", ""))
_CODES = {
    0: "accepted", 1: "version", 2: "identifier", 3: "unavailable", 4: "login",
    5: "not authorised", 0x84: "version",
}  # fmt: skip


def parse(said: bytes) -> Mapping[str, str]:
    """Return the reason of a CONNACK."""
    if len(said) < 4 or said[0] != 0x20 or not 2 <= said[1] < 0x80 or said[2] > 1:
        return {}
    reason = _CODES.get(said[3])
    return told("mqtt", refused=reason) if reason and said[1] == len(said) - 2 else {}


PROBE = Probe("mqtt", parse, asking(Ask(_ASK, at_least(4))))
