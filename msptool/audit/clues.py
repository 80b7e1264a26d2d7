"""What the probes' words clue at: a machine's name, maker, model, serial, system, and keys. Pure.

Each clue carries how far it is believed, between 0 and 1, on the scale of `witness`: what a device
says of itself on purpose (a management page, a printer's attributes) above what somebody typed in
(a certificate's name), above what only goes with it (a server's header). What looks hostile or is
a placeholder clues at nothing.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from msptool import shipped
from msptool.audit import announced, mib, nameplate
from msptool.audit.facts import Heard, Told
from msptool.audit.families import shipped_families
from msptool.audit.kinds import KINDS
from msptool.audit.vendors import AGENTS


class Clue(NamedTuple):
    """A field of a machine, and who says so: `source` is probe and key, as `ipp.serial`.

    Fields: name, dns-name, domain, label (what people call it), vendor, model, version, serial,
    os, kind (one of kinds.KINDS), mac; board where a server's management board speaks; and keys
    by which a machine is known again: ssh-key, tls-key, smb-guid, uuid, engine. The source of an
    announcement begins with `heard `.
    """

    field: str
    value: str
    source: str
    belief: float


# Said outright: (probe, key) to (field, belief).
SAID: Mapping[tuple[str, str], tuple[str, float]] = {
    **{(p, "name"): ("name", 0.9) for p in ("smb", "smb1", "rdp", "winrm")},
    **{(p, "dns-name"): ("dns-name", 0.9) for p in ("smb", "rdp", "winrm", "ldap")},
    **{(p, "domain"): ("domain", 0.8) for p in ("smb", "smb1", "rdp", "winrm", "netbios-ns")},
    ("ldap", "domain"): ("domain", 0.85),
    **{(p, "realm"): ("domain", 0.8) for p in ("kerberos", "kerberos-realm")},
    ("netbios-ns", "name"): ("name", 0.85),
    ("netbios-ns", "mac"): ("mac", 0.8),
    ("apcupsd", "name"): ("name", 0.7),
    ("ms-sql-m", "name"): ("name", 0.8),
    ("pptp", "name"): ("name", 0.7),
    ("mdns", "name"): ("name", 0.75),
    ("mdns", "vendor"): ("vendor", 0.7),
    ("mdns", "model"): ("model", 0.6),
    ("mdns", "serial"): ("serial", 0.7),
    ("mdns", "uuid"): ("uuid", 0.7),
    ("mdns", "friendly"): ("label", 0.6),
    ("upnp", "name"): ("label", 0.6),
    ("upnp", "vendor"): ("vendor", 0.7),
    ("upnp", "model"): ("model", 0.7),
    ("upnp", "serial"): ("serial", 0.6),
    ("upnp", "uuid"): ("uuid", 0.8),
    ("ssdp", "uuid"): ("uuid", 0.7),
    ("ipp", "vendor"): ("vendor", 0.8),
    ("ipp", "model"): ("model", 0.85),
    ("ipp", "serial"): ("serial", 0.85),
    ("ipp", "firmware"): ("version", 0.75),
    ("ipp", "uuid"): ("uuid", 0.8),
    ("ipp", "make-and-model"): ("model", 0.7),
    ("ipp", "name"): ("label", 0.6),
    ("redfish", "vendor"): ("vendor", 0.8),
    ("redfish", "product"): ("model", 0.6),
    ("redfish", "serial"): ("serial", 0.85),
    ("redfish", "uuid"): ("uuid", 0.85),
    ("redfish", "mac"): ("mac", 0.8),
    ("ilo", "vendor"): ("vendor", 0.9),
    ("ilo", "model"): ("model", 0.9),
    ("ilo", "serial"): ("serial", 0.9),
    ("ilo", "uuid"): ("uuid", 0.85),
    ("qnap", "vendor"): ("vendor", 0.9),
    ("qnap", "model"): ("model", 0.9),
    ("qnap", "version"): ("version", 0.9),
    ("qnap", "name"): ("name", 0.8),
    ("ubiquiti", "vendor"): ("vendor", 0.9),
    ("ubiquiti", "model"): ("model", 0.85),
    ("ubiquiti", "version"): ("version", 0.8),
    ("ubiquiti", "name"): ("name", 0.8),
    ("ubiquiti", "mac"): ("mac", 0.9),
    ("ws-discovery", "vendor"): ("vendor", 0.7),
    ("ws-discovery", "model"): ("model", 0.7),
    ("ws-discovery", "name"): ("label", 0.5),
    ("ws-discovery", "uuid"): ("uuid", 0.8),
    ("greeting", "name"): ("name", 0.6),
    ("greeting", "os"): ("os", 0.5),
    ("engine-id", "engine_id"): ("engine", 0.9),
    ("engine-id", "mac"): ("mac", 0.8),
    ("lldp", "name"): ("name", 0.6),
    ("lldp", "vendor"): ("vendor", 0.65),
    ("lldp", "model"): ("model", 0.65),
    ("lldp", "serial"): ("serial", 0.65),
    ("lldp", "version"): ("version", 0.6),
    ("cdp", "name"): ("name", 0.6),
    ("cdp", "system-name"): ("name", 0.55),
    ("mndp", "name"): ("name", 0.7),
    ("mndp", "vendor"): ("vendor", 0.7),
    ("mndp", "model"): ("model", 0.7),
    ("dhcp", "name"): ("name", 0.65),
    ("dhcp", "dns-name"): ("dns-name", 0.6),
    ("smb", "guid"): ("smb-guid", 0.8),
    ("smb1", "guid"): ("smb-guid", 0.8),
    ("ssh", "key-sha256"): ("ssh-key", 0.9),
    ("tls", "key-sha256"): ("tls-key", 0.7),
}  # fmt: skip


BUILDS = ("smb", "smb1", "rdp", "winrm")  # probes that tell a Windows' build


@functools.cache
def patterns() -> tuple[tuple[str, str, re.Pattern[str], Mapping[str, str], float], ...]:
    """Return what is read out of sentences (profiles/probes/clues.tsv): probe, key, pattern, the
    fields it gives beside its groups, and belief.
    """
    text = (shipped.folder("profiles") / "probes" / "clues.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(
        (probe, key, re.compile(pattern, re.IGNORECASE), _given(given), float(belief))
        for probe, key, pattern, given, belief in rows
    )


def _given(words: str) -> Mapping[str, str]:
    """`vendor=Cisco os=Windows_Server` as a table; `-` is none."""
    pairs = (word.partition("=") for word in words.split() if word != "-")
    return {field: value.replace("_", " ") for field, _, value in pairs}


def clues(told: Iterable[Told | Heard]) -> tuple[Clue, ...]:
    """Return what words and announcements clue at, the most believed first, each value once."""
    return _ranked(clue for clue in _all(told) if is_fit(clue.field, clue.value))


def refused(told: Iterable[Told | Heard]) -> tuple[Clue, ...]:
    """Return what would be clues, were it no placeholder: for people who ask why it is missing.
    What looks hostile is not repeated, not even to them.
    """
    return _ranked(
        clue
        for clue in _all(told)
        if _is_harmless(clue.field, clue.value) and not is_fit(clue.field, clue.value)
    )


def _ranked(found: Iterable[Clue]) -> tuple[Clue, ...]:
    kept: dict[tuple[str, str], Clue] = {}
    for clue in sorted(found, key=lambda c: (-c.belief, c)):
        kept.setdefault((clue.field, clue.value.lower()), clue)
    return tuple(kept.values())


# Of these we speak as of another: it is the same page, the same directory.
_SAME = {"http-moved": "http", "cldap": "ldap"}


def _all(told: Iterable[Told | Heard]) -> Iterator[Clue]:
    for fact in told:
        if isinstance(fact, Told):
            probe, values, by = _SAME.get(fact.probe, fact.probe), fact.values, ""
        else:
            probe, values, by = fact.protocol, announced.said(fact), "heard "
        for clue in (*_said(probe, values), *_read(probe, values)):
            yield clue._replace(value=" ".join(clue.value.split()), source=by + clue.source)


def _said(probe: str, values: Mapping[str, str]) -> Iterator[Clue]:
    for key, value in values.items():
        field, belief = SAID.get((probe, key), ("", 0.0))
        if field:
            yield Clue(field, value, f"{probe}.{key}", belief)
    build = values.get("build", "")
    if probe in BUILDS and build:
        yield from _of_build(windows(build), build, f"{probe}.build")
    number = values.get("enterprise", "") if probe == "engine-id" else ""
    if re.fullmatch(r"\d{1,10}", number) and int(number) not in AGENTS:
        yield Clue("vendor", _maker(int(number)), "engine-id.enterprise", 0.4)


@functools.cache
def _maker(number: int) -> str:
    """Return the maker of an enterprise number, by the name that an agent of his would get."""
    rows = {mib.SYS_OBJECT_ID: f"o:{mib.ENTERPRISES}{number}.1"}
    return nameplate.read(rows, shipped_families()).vendor


def _of_build(system: str, build: str, source: str) -> Iterator[Clue]:
    yield Clue("os", system, source, 0.85)
    yield Clue("version", build, source, 0.7)
    if " or " not in system and system != "Windows":
        kind = "server" if "Server" in system else "workstation"
        yield Clue("kind", kind, source, 0.6)


def _read(probe: str, values: Mapping[str, str]) -> Iterator[Clue]:
    for of, key, pattern, given, belief in patterns():
        found = pattern.match(values[key][:400]) if of == probe and key in values else None
        if found is None:
            continue
        groups = {name: text for name, text in found.groupdict().items() if text}
        for field, value in {**given, **groups}.items():
            yield Clue(field.replace("_", "-"), value, f"{probe}.{key}", belief)


# Which Windows has which build (Microsoft's release information); of a build that clients and
# servers share, both are named.
_BUILDS = {
    "6.0.6002": "Windows Server 2008", "6.0.6003": "Windows Server 2008",
    "6.1.7600": "Windows 7 or Server 2008 R2", "6.1.7601": "Windows 7 or Server 2008 R2",
    "6.2.9200": "Windows 8 or Server 2012", "6.3.9600": "Windows 8.1 or Server 2012 R2",
    "10.0.14393": "Windows 10 1607 or Server 2016", "10.0.17763": "Windows 10 1809 or Server 2019",
    "10.0.19041": "Windows 10", "10.0.19042": "Windows 10", "10.0.19043": "Windows 10",
    "10.0.19044": "Windows 10", "10.0.19045": "Windows 10", "10.0.20348": "Windows Server 2022",
    "10.0.22000": "Windows 11", "10.0.22621": "Windows 11", "10.0.22631": "Windows 11",
    "10.0.26100": "Windows 11 24H2 or Server 2025",
}  # fmt: skip


def windows(build: str) -> str:
    """Return the Windows of a build as NTLM says it; plain "Windows" for one not known."""
    return _BUILDS.get(build, "Windows")


_LONGEST = {"model": 100, "vendor": 60, "label": 100, "os": 60, "version": 60, "serial": 40}
_NAMES = ("name", "dns-name", "domain")
_NO_NAME = frozenset(
    {"local", "localhost", "unknown", "none", "null", "test", "example", "hostname", "server"}
)


def is_fit(field: str, value: str) -> bool:
    """Tell a value from a placeholder, a trap for whoever opens the report, or a wrong kind."""
    if not _is_harmless(field, value):
        return False
    if field in _NAMES:
        plain = value.lower().partition(".")[0]
        shaped = re.fullmatch(r"\w[\w-]*(?:\.\w[\w-]*)*\.?", value)
        return bool(shaped) and plain not in _NO_NAME and not re.fullmatch(r"[\d.]+", value)
    return _FIT.get(field, _worded)(value)


def _is_harmless(field: str, value: str) -> bool:
    if not value or not value.isprintable() or len(value) > _LONGEST.get(field, 253):
        return False
    return not re.search(r"[<>`\\]|\{\{|\$\{|\ufffd", value) and value[0] not in "=+@-|"


_NO_WORD = frozenset(
    {"na", "none", "null", "unknown", "generic", "default", "defaultstring", "tobefilledbyoem"}
)


def _worded(value: str) -> bool:
    plain = re.sub(r"[\W_]", "", value).lower()
    return bool(plain) and plain not in _NO_WORD


def _is_uuid(value: str) -> bool:
    plain = value.replace("-", "").lower()
    shaped = re.fullmatch("[0-9a-f]{32}", plain)
    return bool(shaped) and len(set(plain)) > 3 and plain not in JUNK_UUIDS


# What boards ship with, as it is written and with its first halves turned round.
JUNK_UUIDS = frozenset(
    {"03000200040005000006000700080009", "00020003000400050006000700080009",
     "123456781234567890abcddeefaabbcc", "785634123412785690abcddeefaabbcc"}
)  # fmt: skip
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


def _is_random(value: str) -> bool:
    """Samba's GUID is its name in ASCII: that a clone has too, and so has every "nas"."""
    plain = bytes.fromhex(value.replace("-", "")) if _is_uuid(value) else b""
    return any(byte and not 0x20 <= byte < 0x7F for byte in plain)


_FIT: Mapping[str, Callable[[str], bool]] = {
    "serial": lambda value: not nameplate.is_junk(value) and bool(re.search(r"\d", value)),
    "version": lambda value: bool(re.search(r"\d", value)),
    "uuid": _is_uuid,
    "smb-guid": _is_random,
    "kind": lambda value: value in KINDS,
    "mac": lambda value: bool(_MAC.fullmatch(value)) and value.count("00") < 5,
}  # fmt: skip
