"""mDNS, asked of one host alone: the services it names, its model, its name.

A question from another port than 5353 is answered like any DNS question (RFC 6762, 6.7). Sources:
RFC 6763 9 (`_services`), 6.4 (TXT); Apple's `_device-info`; Bonjour Printing 1.2.1 (`ty`,
`usb_MFG`, `usb_MDL`, `UUID`, `adminurl`).
"""

import struct
from collections.abc import Iterable, Mapping

from msptool.audit.probes import dnswire
from msptool.audit.probes.dnswire import Record
from msptool.audit.probes.probe import Question, listed, text, told

# A few at a time: an answer to another port must fit into 512 bytes, and is cut else.
_TYPES = (
    ("_services._dns-sd._udp",),
    ("_device-info._tcp", "_workstation._tcp", "_smb._tcp"),
    ("_ipp._tcp", "_pdl-datastream._tcp", "_printer._tcp", "_scanner._tcp"),
    ("_http._tcp", "_googlecast._tcp", "_airplay._tcp", "_axis-video._tcp", "_hap._tcp"),
)


def _question(nth: int) -> bytes:
    parts = [dnswire.question(f"{kind}.local", dnswire.PTR)[12:] for kind in _TYPES[nth]]
    return _IDENTS[nth] + struct.pack(">HHHHH", 0, len(parts), 0, 0, 0) + b"".join(parts)


_IDENTS = (b"M0", b"M1", b"M2", b"M3")


# What TXT records call it, in the order of belief.
_KEYS = {
    "model": ("model", "usb_mdl", "md", "am"),
    "vendor": ("usb_mfg", "manufacturer", "vendor"),
    "make-and-model": ("ty",),
    "uuid": ("uuid",),
    "serial": ("serialnumber", "serialno"),
    "mac": ("macaddress", "mac"),
    "version": ("fv", "firmware", "fwversion"),
    "friendly": ("fn",),
    "admin-url": ("adminurl",),
}


def parse(said: bytes) -> Mapping[str, str]:
    """Return what a response to one of our numbers tells of the host."""
    if len(said) < 12 or said[:2] not in _IDENTS or not said[2] & 0x80:
        return {}
    records = list(dnswire.records(said))
    kinds, instances = _pointed(said, records)
    values = _texts(records)
    found = {
        key: next((values[word] for word in words if word in values), "")
        for key, words in _KEYS.items()
    }
    return told(
        "mdns",
        name=_host(said, records),
        services=listed(sorted(kinds)),
        instances=listed(instances),
        **found,
    )


def _pointed(said: bytes, records: Iterable[Record]) -> tuple[set[str], list[str]]:
    """Return the kinds of services, and the names of their instances."""
    kinds: set[str] = set()
    instances: list[str] = []
    for record in records:
        if record.kind != dnswire.PTR:
            continue
        target = dnswire.name_at(said, record.at)[0].removesuffix(".local")
        if record.name.startswith("_services."):
            kinds.add(target)
        elif target:
            instances.append(target)
            kinds.add(record.name.removesuffix(".local"))
    return kinds - {""}, sorted(set(instances))


def _texts(records: Iterable[Record]) -> dict[str, str]:
    """Return the pairs of all TXT records, the first of a key."""
    values: dict[str, str] = {}
    for record in records:
        for pair in dnswire.strings(record.data)[:60] if record.kind == dnswire.TXT else []:
            key, mark, value = pair.partition(b"=")
            if mark and value:
                values.setdefault(text(key).lower(), text(value))
    return values


def _host(said: bytes, records: Iterable[Record]) -> str:
    """The name that has an address, or that a service runs on."""
    for record in records:
        if record.kind in (dnswire.A, dnswire.AAAA) and record.name.endswith(".local"):
            return record.name.removesuffix(".local")
    for record in records:
        if record.kind == dnswire.SRV and len(record.data) > 6:
            return dnswire.name_at(said, record.at + 6)[0].removesuffix(".local")
    return ""


UDP = tuple(Question("mdns", _question(nth), parse) for nth in range(len(_TYPES)))
