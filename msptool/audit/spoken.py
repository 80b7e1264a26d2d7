"""What services show of themselves and of their machine, by what they said. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msptool.audit.asset import Service
from msptool.audit.facts import Grab, Port, Told
from msptool.audit.probes import table


def service(fact: Port, grab: Grab | None, told: Iterable[Told] = ()) -> Service:
    """Return an open port, what our few bytes got out of it, and what the probes read in that.

    `told` may be of the whole machine: of other ports nothing is taken.
    """
    answers: Mapping[str, str] = grab.answers if grab else {}
    greeting = grab.greeting if grab else ""
    certified = bool(grab and grab.certificate)
    read = [
        t for t in told if (t.address, t.proto, t.port) == (fact.address, fact.proto, fact.port)
    ]
    spoke = bool(greeting or any(answers.values()) or certified or read)
    return Service(
        address=fact.address,
        proto=fact.proto,
        port=fact.port,
        name=_named(read, tls=certified) or _protocol(greeting, answers, fact, tls=certified),
        product=_product(read) or " ".join(part for part in (fact.product, fact.version) if part),
        greeting=greeting,
        answers={**_lasting(answers), **_smb(read)},
        tls=bool(fact.tunnel) or certified,
        spoke=spoke,
        evidence=(grab.evidence if grab and spoke else "") or fact.evidence,
    )


# Headers of a page that are new each time: a second look without a change would differ by them.
_FLEETING = re.compile(
    r"^(?:date|age|expires|etag|last-modified|set-cookie|x-request-id)[ \t]*:.*\n?",
    re.IGNORECASE | re.MULTILINE,
)


def _lasting(answers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the answers, without what is new each time."""
    return {
        key: _FLEETING.sub("", text) if key == "http" else text for key, text in answers.items()
    }


# Pages and descriptions are no protocols: what answers there is HTTP.
_PAGES = ("redfish", "ilo", "esxi", "qnap", "grafana", "icon", "http-moved", "upnp", "tls")


def _named(told: Sequence[Told], *, tls: bool) -> str:
    """Return the protocol of the probe that was understood; an API's above the web it speaks."""
    spoken = [
        t.values["protocol"] for t in told if t.probe not in _PAGES and "protocol" in t.values
    ]
    name = next((one for one in spoken if one != "http"), "http" if spoken else "")
    return "https" if name == "http" and tls else name


def _product(told: Sequence[Told]) -> str:
    """Return product and version of what was understood; of a page the program that serves it."""
    for one in sorted(told, key=lambda t: t.probe == "http"):
        product = one.values.get("product") or one.values.get("server", "")
        if product and one.probe != "ssdp":
            return f"{product} {one.values.get('version', '')}".strip()
    return ""


def _smb(told: Iterable[Told]) -> Mapping[str, str]:
    """Return what SMB said, but for its clock, GUID and challenge: of those no two are alike."""
    keys = ("name", "domain", "dns-name", "build", "signing", "dialect")
    values = next((t.values for t in told if t.probe in ("smb", "smb1")), {})
    return {f"smb-{key}": values[key] for key in keys if values.get(key)}


def _protocol(greeting: str, answers: Mapping[str, str], fact: Port, *, tls: bool) -> str:
    """Return the protocol that spoke; else nmap's name where it asked; else nothing."""
    known = table.recognise(greeting.encode("latin-1", "replace")).get("protocol", "")
    page = answers.get("http", "").startswith("HTTP/")
    return known or (("https" if tls else "http") if page else fact.service)


def name(services: Iterable[Service]) -> str:
    """Return the name a server says before any login: SMB's, else in a greeting "220 NAME …"."""
    for one in services:
        if one.answers.get("smb-name"):
            return one.answers["smb-name"]
        found = re.match(r"220[ -]([A-Za-z][\w-]*(?:\.[\w-]+)+)\s", one.greeting)
        if found:
            return found[1]
    return ""


# Services that only a server offers: directory, databases, mail, NFS, hypervisors.
_SERVER_PORTS = frozenset({25, 88, 110, 143, 389, 636, 1433, 1521, 2049, 3306, 5432, 8006})


def kind(services: Iterable[Service]) -> str:
    """Guess from what is open and said; "" rather than a wrong word: a camera has SSH too."""
    known = list(services)
    numbers = {one.port for one in known if one.proto == "tcp"}
    if numbers & {9100, 515}:
        return "printer"
    if numbers & {37777, 34567}:
        return "camera"
    if numbers & {8291, 8728}:
        return "network"
    spoken = {one.port for one in known if one.spoke or one.product}
    distribution = any(re.search(r" (Debian|Ubuntu)-", one.greeting) for one in known)
    if spoken & _SERVER_PORTS or distribution:
        return "server"
    return "workstation" if numbers & {135, 3389, 5900} else ""
