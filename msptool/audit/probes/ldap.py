"""LDAP's rootDSE, which a directory shows to anybody: domain, host, level, maker.

Sources: RFC 4511 4.5, RFC 4512 5.1; MS-ADTS 3.1.1.3.2 (attributes of AD's rootDSE).
"""

from collections.abc import Iterator, Mapping

from msptool.audit.probes import asn1
from msptool.audit.probes.probe import Ask, Probe, Question, asking, listed, text, told

_ASKED = (
    "dnsHostName", "defaultNamingContext", "rootDomainNamingContext", "namingContexts",
    "serverName", "domainFunctionality", "domainControllerFunctionality", "supportedLDAPVersion",
    "vendorName", "vendorVersion", "isGlobalCatalogReady", "objectClass",
)  # fmt: skip
_SEARCH, _ENTRY, _DONE = 0x63, 0x64, 0x65
# MS-ADTS 6.1.4.2: levels of function.
_LEVELS = {
    "2": "2003",
    "3": "2008",
    "4": "2008 R2",
    "5": "2012",
    "6": "2012 R2",
    "7": "2016",
    "10": "2025",
}


def question() -> bytes:
    """Return the search: base "", scope base, (objectClass=*), the attributes by name."""
    wanted = asn1.element(0x30, *(asn1.element(4, name.encode()) for name in _ASKED))
    number = asn1.element(2, b"\0")
    search = asn1.element(
        _SEARCH,
        asn1.element(4),
        asn1.element(10, b"\0"),
        asn1.element(10, b"\0"),
        number,
        asn1.element(2, b"\x05"),
        asn1.element(1, b"\0"),
        asn1.element(0x87, b"objectClass"),
        wanted,
    )
    return asn1.element(0x30, asn1.element(2, b"\x4d"), search)


def whole(said: bytes) -> bool:
    """The search is done."""
    return any(kind == _DONE for kind, _ in _messages(said))


def _messages(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the operations of the whole messages with our number."""
    for message in asn1.elements(said):
        parts = list(asn1.elements(message.value)) if message.tag == 0x30 else []
        if len(parts) > 1 and parts[0] == (2, b"\x4d"):
            yield parts[1].tag, parts[1].value


def parse(said: bytes) -> Mapping[str, str]:
    """Return the rootDSE; `ldap` without more where the search is refused."""
    read: dict[str, list[str]] = {}
    kinds = set()
    for kind, value in _messages(said):
        kinds.add(kind)
        if kind == _ENTRY:
            read |= _attributes(value)
    if not kinds & {_ENTRY, _DONE, 0x78}:
        return {}

    def one(name: str) -> str:
        return read.get(name.lower(), [""])[0]

    context = one("defaultNamingContext")
    return told(
        "ldap",
        dns_name=one("dnsHostName"),
        context=context,
        domain=_domain(context),
        contexts=listed(read.get("namingcontexts", [])),
        server=one("serverName"),
        level=_LEVELS.get(one("domainControllerFunctionality")),
        vendor_name=one("vendorName"),
        version=one("vendorVersion"),
        classes=listed(read.get("objectclass", [])),
        global_catalogue=one("isGlobalCatalogReady").lower(),
    )


def _attributes(entry: bytes) -> dict[str, list[str]]:
    parts = list(asn1.elements(entry))
    found = {}
    for attribute in asn1.elements(parts[1].value if len(parts) > 1 else b""):
        inner = list(asn1.elements(attribute.value))
        if len(inner) > 1:
            values = [text(v.value) for v in asn1.elements(inner[1].value)][:50]
            found[text(inner[0].value).lower()] = values or [""]
    return found


def _domain(context: str) -> str:
    """`DC=corp,DC=example` as corp.example."""
    parts = [part.partition("=") for part in context.split(",")]
    return ".".join(v for k, _, v in parts if k.strip().upper() == "DC")


PROBE = Probe("ldap", parse, asking(Ask(question(), whole)))
CLDAP = Question("cldap", question(), parse)
