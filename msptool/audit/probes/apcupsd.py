"""apcupsd's status: model, serial and firmware of the UPS on a cable. Source: its manual, NIS."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, text, told

_FIELDS = {
    "VERSION": "version", "HOSTNAME": "name", "UPSNAME": "ups", "MODEL": "model",
    "SERIALNO": "ups_serial", "FIRMWARE": "firmware", "STATUS": "status", "BCHARGE": "charge",
}  # fmt: skip


def parse(said: bytes) -> Mapping[str, str]:
    """Return the fields of the whole records: two bytes of size, `NAME : value`."""
    values: dict[str, str] = {}
    at, seen = 0, False
    for _ in range(100):
        size = int.from_bytes(said[at : at + 2], "big")
        line = said[at + 2 : at + 2 + size]
        found = re.match(rb"([A-Z]{3,12}) *: ([^\n]{0,100})\n", line)
        if not size or len(line) < size or found is None:
            break
        seen = seen or found[1] == b"APC"
        kept = _FIELDS.get(text(found[1]))
        if kept:
            values[kept] = text(found[2])
        at += 2 + size
    return told("apcupsd", product="apcupsd", **values) if seen else {}


PROBE = Probe("apcupsd", parse, asking(Ask(b"\0\x06status", lambda said: said.endswith(b"\0\0"))))
