"""mDNS, asked of one host alone: the services it names, its model, its name.

A question from another port than 5353 is answered like any DNS question (RFC 6762, 6.7). Sources:
RFC 6763 9 (`_services`), 6.4 (TXT); Apple's `_device-info`; Bonjour Printing 1.2.1 (`ty`,
`usb_MFG`, `usb_MDL`, `UUID`, `adminurl`).
"""

from collections.abc import Iterable, Mapping

from msptool.audit import dnswire
from msptool.audit.dnswire import Record
from msptool.audit.probes.probe import Question, listed, text, told

# A few at a time: an answer to another port must fit into 512 bytes, and is cut else.
_TYPES = (
    ("_services._dns-sd._udp",),
    ("_device-info._tcp", "_workstation._tcp", "_smb._tcp"),
    ("_ipp._tcp", "_pdl-datastream._tcp", "_printer._tcp", "_scanner._tcp"),
    ("_http._tcp", "_googlecast._tcp", "_airplay._tcp", "_axis-video._tcp", "_hap._tcp"),
)


_IDENTS = range(0x4D30, 0x4D30 + len(_TYPES))

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
    message = dnswire.read(said)
    if message is None or message.ident not in _IDENTS or not message.flags & dnswire.RESPONSE:
        return {}
    kinds, instances = _pointed(message.records)
    values = _texts(message.records)
    found = {
        key: next((values[word] for word in words if word in values), "")
        for key, words in _KEYS.items()
    }
    return told(
        "mdns",
        name=_host(message.records),
        services=listed(sorted(kinds)),
        instances=listed(instances),
        **found,
    )


def _pointed(records: Iterable[Record]) -> tuple[set[str], list[str]]:
    """Return the kinds of services, and the names of their instances."""
    kinds: set[str] = set()
    instances: list[str] = []
    for record in records:
        if record.kind != dnswire.PTR:
            continue
        owner, target = _plain(record.owner), _plain(record.name)
        if owner.startswith("_services."):
            kinds.add(target)
        elif target:
            instances.append(target)
            kinds.add(owner)
    return kinds - {""}, sorted(set(instances))


def _texts(records: Iterable[Record]) -> dict[str, str]:
    """Return the pairs of all TXT records, the first of a key."""
    values: dict[str, str] = {}
    for record in records:
        for pair in record.strings[:60] if record.kind == dnswire.TXT else []:
            key, mark, value = pair.partition(b"=")
            if mark and value:
                values.setdefault(text(key).lower(), text(value))
    return values


def _host(records: Iterable[Record]) -> str:
    """The name that has an address, or that a service runs on."""
    for record in records:
        if record.kind in (dnswire.A, dnswire.AAAA) and record.owner[-1:] == (b"local",):
            return _plain(record.owner)
    return next((_plain(record.name) for record in records if record.kind == dnswire.SRV), "")


def _plain(name: dnswire.Name) -> str:
    return dnswire.dotted(name).removesuffix(".local")


def _asking(ident: int, kinds: Iterable[str]) -> Question:
    names = (dnswire.spelt(f"{kind}.local") for kind in kinds)
    return Question("mdns", dnswire.question(ident, dnswire.PTR, *names), parse)


UDP = tuple(map(_asking, _IDENTS, _TYPES))
