"""What announcements on our segment say of their announcer, by the names that probes' words have.

Pure. An announcement is a witness of the address that it was placed under, no key: whoever sits on
the segment can send one, and repeaters pass on what others said.
"""

from collections.abc import Mapping

from msptool.audit.facts import Heard

# By protocol: our name, and the announcement's names for it (heard.*), the best first.
READ: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "lldp": {
        "name": ("name",), "vendor": ("maker",), "model": ("model",), "serial": ("serial",),
        "version": ("software", "firmware"), "capabilities": ("capabilities",),
    },
    "cdp": {
        "name": ("name",), "system-name": ("system-name",), "platform": ("platform",),
        "software": ("version",), "capabilities": ("capabilities",),
    },
    "mdns": {
        "name": ("name",), "services": ("services",), "vendor": ("txt-usb_mfg", "txt-manufacturer"),
        "model": ("txt-model", "txt-usb_mdl", "txt-md", "txt-am"), "serial": ("txt-serialnumber",),
    },
    "ssdp": {"kind": ("type",)},
    "mndp": {
        "name": ("name",), "vendor": ("platform",), "model": ("board",), "software": ("version",),
    },
    "dhcp": {"name": ("name",), "dns-name": ("full-name",), "class": ("class",)},
}  # fmt: skip
_LISTS = frozenset({"services"})


def said(fact: Heard) -> Mapping[str, str]:
    """Return what an announcement says; of names that stand a line each the first."""
    found = {}
    for name, theirs in READ.get(fact.protocol, {}).items():
        told = next((text for key in theirs if (text := fact.values.get(key, ""))), "")
        if told:
            found[name] = told.replace("\n", ", ") if name in _LISTS else told.partition("\n")[0]
    return found
