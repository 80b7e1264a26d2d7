"""What services show of themselves and of their machine, by what they said. Pure."""

import re
from collections.abc import Iterable, Mapping

from msptool.audit import smb
from msptool.audit.asset import Service
from msptool.audit.facts import Grab, Port


def service(fact: Port, grab: Grab | None) -> Service:
    """Return an open port and what our few bytes got out of it."""
    answers: Mapping[str, str] = grab.answers if grab else {}
    greeting = grab.greeting if grab else ""
    certified = bool(grab and grab.certificate)
    spoke = bool(greeting or any(answers.values()) or certified)
    return Service(
        address=fact.address,
        proto=fact.proto,
        port=fact.port,
        name=_protocol(greeting, answers, fact, tls=certified),
        product=" ".join(part for part in (fact.product, fact.version) if part),
        greeting=greeting,
        answers=_kept(answers),
        tls=bool(fact.tunnel) or certified,
        spoke=spoke,
        evidence=(grab.evidence if grab and spoke else "") or fact.evidence,
    )


def _kept(answers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the answers without what is never twice alike: SMB's as what they say (as bytes they
    hold a challenge and a clock), HTTP's without its clock, its cookies and as much of the page as
    came along. The bytes stand in the evidence.
    """
    kept = {k: _PASSING.sub("", text) for k, text in answers.items() if not k.startswith("smb-")}
    if "smb-negotiate" not in answers:
        return kept
    told = smb.parse(
        answers["smb-negotiate"].encode("latin-1", "replace"),
        answers.get("smb-setup", "").encode("latin-1", "replace"),
    )
    signing = {None: "", True: "required", False: "optional"}[told.signing_required]
    said = {
        "smb-name": told.name,
        "smb-domain": told.domain,
        "smb-dns-name": told.dns_name,
        "smb-build": str(told.build or ""),
        "smb-signing": signing,
    }
    return kept | {key: text for key, text in said.items() if text}


_PASSING = re.compile(
    r"^(?:Date|Expires|Set-Cookie):[^\n]*\n|(?<=\n\r\n).*|(?<=\n\n).*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)

# What a greeting shows, told by its first bytes (RFC 4253, 959, 5321, 854, 1939, 3501).
_GREETINGS = (
    ("ssh", re.compile(r"SSH-\d")),
    ("telnet", re.compile("\xff[\xfb-\xfe]")),
    ("ftp", re.compile(r"220[ -](?!.*\bE?SMTP\b)", re.IGNORECASE)),
    ("smtp", re.compile(r"220[ -].*\bE?SMTP\b", re.IGNORECASE)),
    ("pop3", re.compile(r"\+OK")),
    ("imap", re.compile(r"\* OK")),
    ("vnc", re.compile(r"RFB \d")),
    ("rsync", re.compile(r"@RSYNCD:")),
    ("mysql", re.compile(r".\0\0\0\n\d", re.DOTALL)),
)


def _protocol(greeting: str, answers: Mapping[str, str], fact: Port, *, tls: bool) -> str:
    """Return the protocol that spoke; else nmap's name where it asked; else nothing."""
    for protocol, pattern in _GREETINGS:
        if pattern.match(greeting):
            return protocol
    if answers.get("http", "").startswith("HTTP/"):
        return "https" if tls else "http"
    if "\xfeSMB" in answers.get("smb-negotiate", ""):
        return "smb"
    return fact.service


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
