"""IPMI over LAN: is there a BMC, and what does it allow before a login.

Get Channel Authentication Capabilities, which every session begins with and which logs in
nowhere. Source: IPMI 2.0, 13.6 (RMCP), 22.13; IANA enterprise number in its OEM field.
"""

from collections.abc import Mapping

from msptool.audit.probes.probe import Question, told

# RMCP, class IPMI; session of none; BMC 0x20, netFn App, command 0x38, channel 0x0e, user level.
_ASK = bytes.fromhex("0600ff07000000000000000000092018c88104388e04b1".replace(" ", ""))


def parse(said: bytes) -> Mapping[str, str]:
    """Return the version, and whether anybody may log in without a name."""
    if len(said) < 30 or said[:4] != b"\x06\0\xff\x07" or said[19] != 0x38 or said[20] != 0:
        return {}
    auth, status, extended = said[22], said[23], said[24]
    version = "2.0" if auth & 0x80 and extended & 2 else "1.5"
    oem = int.from_bytes(said[25:28], "little")
    return told(
        "ipmi",
        version=version,
        anonymous="yes" if status & 1 else "",
        null_user="yes" if status & 2 else "",
        no_auth="yes" if auth & 1 else "",
        oem=oem or "",
    )


UDP = Question("ipmi", _ASK, parse)
