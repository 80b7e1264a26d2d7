"""mDNS: names, services and models that devices announce. Pure; untrusted.

Sources: RFC 6762 (names under .local), RFC 6763, 4.1 and 6 (instances, TXT). The keys of TXT
records that are kept are of things, not of people: of Apple's _device-info (model), the Bonjour
Printing Specification 1.2.1 (ty, product, usb_MFG, usb_MDL, note), cast devices (md).
"""

from collections.abc import Iterable

from msptool.audit import dnswire
from msptool.audit.dnswire import Message, Record
from msptool.audit.heard import words

_KEPT = frozenset(
    {"model", "ty", "product", "usb_mfg", "usb_mdl", "note", "md", "uuid", "adminurl", "fv",
     "serialnumber", "manufacturer", "vendor", "firmware", "version", "mac", "am", "osxvers"}
)  # fmt: skip


def read(data: bytes) -> dict[str, str]:
    """Return what an announcement says; {} for a question, and where nothing of use is in it."""
    message = dnswire.read(data)
    if message is None or not message.flags & dnswire.RESPONSE:
        return {}
    services = [r for r in message.records if r.kind == dnswire.PTR and _is_service(r)]
    return words.said(
        {
            "name": words.listed(_hosts(message)),
            "addresses": words.listed(record.address for record in message.records),
            "services": words.listed(_service(record) for record in services),
            "instances": words.listed(
                words.text(record.name[0]) for record in services if len(record.name) > 3
            ),
            **_keys(message.records),
        }
    )


def _hosts(message: Message) -> list[str]:
    """Return the hosts whose addresses or hardware are told, or that serve."""
    kinds = (dnswire.A, dnswire.AAAA, dnswire.HINFO)
    owners = [record.owner for record in message.records if record.kind in kinds]
    served = [record.name for record in message.records if record.kind == dnswire.SRV]
    return [
        words.text(name[0]) for name in (*owners, *served) if len(name) == 2 and name[1] == b"local"
    ]


def _is_service(record: Record) -> bool:
    return len(record.owner) == 3 and record.owner[0][:1] == b"_" and record.owner[2] == b"local"


def _service(record: Record) -> str:
    """Return the type: the owner of a pointer to instances, the target of one among all types."""
    named = record.name if record.owner[0] == b"_services" else record.owner
    return words.text(b".".join(named[:2])) if len(named) >= 2 else ""


def _keys(records: Iterable[Record]) -> dict[str, str]:
    told: dict[str, str] = {}
    for record in records:
        if record.kind not in (dnswire.TXT, dnswire.HINFO):
            continue
        if record.kind == dnswire.HINFO:
            told.setdefault("system", words.text(b" ".join(record.strings[:2])))
            continue
        for string in record.strings:
            key, equals, value = string.partition(b"=")
            name = key.decode("ascii", "replace").lower()
            if equals and name in _KEPT:
                told.setdefault(f"txt-{name}", words.text(value))
    return told
