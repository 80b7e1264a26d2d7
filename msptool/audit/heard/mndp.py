"""MNDP: what MikroTik's RouterOS and SwOS announce. Pure; untrusted.

Source: MikroTik, RouterOS manual, "Neighbor discovery", and the layout as Wireshark's
documentation of MNDP describes it: two octets, a sequence number, then TLVs of two octets each of
type and length, big-endian; of the uptime the value is little-endian.
"""

from msptool.audit import macs
from msptool.audit.heard import words

_TEXTS = {5: "name", 7: "version", 8: "platform", 11: "software-id", 12: "board", 16: "port"}


def read(data: bytes) -> dict[str, str]:
    """Return what an announcement says; {} for a question, which is shorter than any TLV."""
    values: dict[str, str] = {}
    at = 4
    while len(data) >= at + 4:
        kind, length = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        value = data[at + 4 : at + 4 + length]
        if len(value) < length:
            break
        if kind in _TEXTS:
            values[_TEXTS[kind]] = words.text(value)
        elif kind == 1:
            values["owner"] = macs.of(value)
        elif kind == 10 and length == 4:
            values["uptime_s"] = str(int.from_bytes(value, "little"))
        elif kind in (15, 17):
            values["addresses"] = words.listed([values.get("addresses", ""), words.address(value)])
        at += 4 + length
    # Without its MAC or name it is something else on this port.
    return words.said(values) if values.get("owner") or values.get("name") else {}
