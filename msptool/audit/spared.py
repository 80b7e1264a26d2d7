"""Who is spared: printers, controllers, UPSs, medical devices, phones. Pure but for what ships.

Such a thing prints, moves, measures or rings when it is sent what it does not expect, and some stop
until somebody turns them off and on. So it is recognised first, by what costs it nothing: its
maker, its open ports, what it announces or tells by SNMP. Spared means, at every pace:

- no `nmap -sV`, no scripts, no OS detection;
- no question to a port that we do not know: its greeting is waited for, nothing is written;
- no byte at all to ports.FRAGILE;
- SNMP and, of a printer, IPP; SIP's OPTIONS, which rings nowhere (RFC 3261, 11), on its own port;
  a TLS handshake and GET / on the usual web ports;
- one connection at a time.

`reason` errs on this side: who is spared in error loses the name of an odd port, no more. A port
that servers have, too, counts only where nothing else shows a computer.
"""

import functools
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from msptool.audit import ports, tables

Kind: TypeAlias = Literal["printer", "plc", "ups", "medical", "phone"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Makers whose things are of one sort, or nearly so; names as the IEEE registry has them, from the
# beginning. Others (HP, Cisco, Philips …) make everything: there a port or a word must say it.
# scripts/spared-makers turns these names into prefixes of MACs. Whose an SNMP agent is, is told
# elsewhere: by families, profiles/makers.yaml and IANA's registry (tables.vendor).
MAKERS: Mapping[Kind, str] = {
    "printer": "brother ind|kyocera doc|lexmark|ricoh|tohoku ricoh|sindoricoh|xerox|konica minolta"
    "|seiko epson|oki electric|zebra tech|toshiba tec|sato corp|datamax|star micronics|canon inc"
    "|canon finetech|fuji xerox|fujifilm business",
    "plc": "siemens ag|siemens industr|siemens numerical|siemens energy aut|siemens building"
    "|siemens switzerland|siemens low voltage|schneider electric|rockwell auto|allen-?bradley"
    "|wago |beckhoff|phoenix contact|omron corp|omron tateisi|mitsubishi electric corp|abb |abb$"
    "|honeywell|yamatake|yokogawa|emerson process|emerson climate|fanuc|bosch rexroth"
    "|b&r industrial|pilz |turck|ifm electronic|festo|keyence|johnson controls|fr\\. sauter"
    "|tridium|loytec|carel |danfoss|distech|belimo|trane|mettler|panasonic electric works",
    "ups": "american power conv|apc by|eaton|vertiv|liebert|emerson network power|cyberpower"
    "|cyber power|riello|socomec|powercom co|shenzhen powercom|megatec",
    "medical": "ge medical|ge healthcare|dr[aä]e?ger|mindray|b\\.? ?braun|fresenius|medtronic"
    "|baxter|carestream|agfa corp|welch allyn|nihon kohden|roche diag|beckman coulter|abbott diag"
    "|abbott point|sysmex|masimo|maquet|getinge|varian|biotronik|hill-rom|stryker|shimadzu"
    "|esaote|siemens ag, healthcare|siemens healthcare|philips medical|philips patient"
    "|philips healthcare|omron healthcare|fujifilm healthcare|canon medical",
    "phone": "xiamen yealink|yealink|grandstream|snom tech|polycom|poly$|gigaset|mitel|aastra"
    "|fanvil|avaya|unify|guangzhou escene|akuvox|spectralink|ascom |htek",
}

# Open ports that such things have.
PORTS: Mapping[Kind, Mapping[int, str]] = {
    "printer": {9100: "jetdirect"},
    "plc": ports.CONTROLLERS,
    "medical": ports.MEDICAL,
}
# The same, where nothing shows a computer (a print server, PowerChute on Windows, a PBX).
PORTS_OF_NO_COMPUTER: Mapping[Kind, Mapping[int, str]] = {
    "printer": {515: "lpd", 631: "ipp"},
    "ups": {3052: "powerchute"},
    "phone": {5060: "sip", 5061: "sips"},
}
# Not 445: copiers scan into folders.
COMPUTER = frozenset({22, 88, 111, 135, 389, 902, 1433, 3306, 3389, 5432, 5985, 8006, 27017})

# Words in what it announces or tells of itself.
_TOLD: Mapping[Kind, str] = {
    "printer": r"\bprinter\b|_pdl-datastream\b|_ipps?\._tcp|_printer\._tcp|jetdirect|laserjet"
    r"|\bMFP\b|officejet",
    "plc": r"\bPLC\b|simatic|modicon|controllogix|\bBACnet\b|\bS7-\d{3,4}\b",
    "ups": r"\bUPS\b|powerchute|network management card",
    "medical": r"\bDICOM\b|\bultrasound\b|patient monitor",
    "phone": r"\bphone\b|yealink|grandstream|\bsnom\b|polycom",
}
# What a computer may say of a printer that it shares, or is called by people.
_SHARED = frozenset({"name", "full-name", "services", "instances", "txt-note", "txt-ty"})
_OF_SNMP: Mapping[str, Kind] = {"printer": "printer", "power": "ups", "environment": "plc"}

WEB = frozenset({80, 443, 631, 8000, 8080, 8443})
# What a port is asked in its own protocol, and answers without doing anything.
_OWN: Mapping[int, frozenset[str]] = {631: frozenset({"ipp"}), 5060: frozenset({"sip"})}


def reason(
    *,
    mac: str = "",
    vendor: str = "",
    open_ports: Collection[int] = (),
    told: Iterable[Mapping[str, str]] = (),
    kind: str = "",
) -> str | None:
    """Return why a host is spared, as "KIND: WITNESS", KIND of KINDS; None where nothing says so.

    `vendor`: the maker of the MAC, as nmap or the registry names it; `open_ports`: of TCP and UDP;
    `told`: values of Heard and Told facts; `kind`: what kinds.of says of the SNMP agent.
    """
    is_computer = not COMPUTER.isdisjoint(open_ports)
    witnesses = (
        _by_snmp(kind),
        _by_ports(PORTS, open_ports),
        _by_words(told, skipped=_SHARED if is_computer else ()),
        _by_maker(mac, vendor),
        None if is_computer else _by_ports(PORTS_OF_NO_COMPUTER, open_ports),
    )
    return next((witness for witness in witnesses if witness), None)


def questions(port: int) -> frozenset[str]:
    """Return what a port of a spared host may be asked: of greeting, tls, http, ipp, sip.

    `greeting` is to connect, wait, and write nothing; not even that is done to a fragile port.
    """
    if port in ports.FRAGILE:
        return frozenset()
    asked = {"greeting"}
    if port in WEB:
        asked = {"tls", "http"} if port in ports.TLS_FIRST else {"http"}
    return frozenset(asked | _OWN.get(port, frozenset()))


def maker_kind(vendor: str) -> Kind | None:
    """Return what a maker's things are, where they are nearly all of one such sort."""
    return next((kind for kind in _ORDER if _makers(kind).match(vendor.strip())), None)


# "Siemens AG, Healthcare Sector" before "Siemens AG".
_ORDER: tuple[Kind, ...] = ("medical", "printer", "ups", "phone", "plc")


@functools.cache
def _makers(kind: Kind) -> re.Pattern[str]:
    return re.compile(f"(?:{MAKERS[kind]})", re.IGNORECASE)


def _by_maker(mac: str, vendor: str) -> str | None:
    kind = maker_kind(vendor) if vendor else None
    if kind:
        return f"{kind}: {vendor.strip()[:60]}"
    known = tables.spared_maker(mac)
    return f"{known.kind}: {known.name}" if known else None


def _by_ports(by_kind: Mapping[Kind, Mapping[int, str]], open_ports: Collection[int]) -> str | None:
    for kind, known in by_kind.items():
        for port in sorted(known.keys() & set(open_ports)):
            return f"{kind}: port {port} ({known[port]})"
    return None


def _by_words(told: Iterable[Mapping[str, str]], *, skipped: Collection[str]) -> str | None:
    said = [(n, v[:2000]) for values in told for n, v in values.items() if n not in skipped]
    for kind, words in _TOLD.items():
        for name, value in said:
            found = re.search(words, value, re.IGNORECASE)
            if found:
                return f"{kind}: {name} says {found[0]}"
    return None


def _by_snmp(kind: str) -> str | None:
    spared = _OF_SNMP.get(kind)
    return f"{spared}: snmp" if spared else None
