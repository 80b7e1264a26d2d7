"""What an address shows that may name its machine: the first, streaming pass. Pure.

A few hundred bytes an address stay of it; the facts themselves need not.
"""

import ipaddress
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice

from msgspec import Struct

from msptool.audit import macs, mib, nameplate
from msptool.audit.asset import Contested, Service
from msptool.audit.clues import Clue
from msptool.audit.facts import Alive, AnyFact, Heard, Snmp, Told
from msptool.audit.identify import marks, witnesses
from msptool.audit.identify.build import services
from msptool.audit.identify.shapes import Keys, Tie
from msptool.audit.identify.witnesses import Testimony
from msptool.audit.mib import Rows

MOST_OWN = 1024  # addresses, and as many MACs, that an agent may call its own
_MOST_NAMES, _MOST_KEYS, _MOST_MACS, _MOST_SERIALS = 8, 64, 16, 16
_ARP_TABLE = "arp-table"  # what the kernel remembers: it may be of yesterday
# Who says a machine's own name and not a service's: certificates and mail hosts are shared.
_NAMED = ("smb", "smb1", "rdp", "winrm", "ldap", "netbios-ns", "mdns", "dhcp")
_OF_BOARDS = "of the server, told by its management board"
_OF_NAMES = "made of a name"


class _Mark(Struct, frozen=True):
    """An identifier as it was found; `why` it names no machine, "" where it does."""

    key: str
    why: str = ""


def canonical(address: str) -> str:
    """Return an address in the one spelling that facts are joined under; "" for what is none."""
    try:
        return sys.intern(str(ipaddress.ip_address(address)))
    except ValueError:
        return ""


def keys(address: str, facts: Iterable[AnyFact]) -> Keys | None:
    """Return what joining needs of an address; None where nobody answered there."""
    known, plain = list(facts), canonical(address)
    alive = [fact for fact in known if isinstance(fact, Alive)]
    if not plain or not alive:
        return None
    told = [fact for fact in known if isinstance(fact, Told | Heard)]
    open_ports, rows = services(known), _rows(known)
    heard = witnesses.hear(plain, rows, told, open_ports)
    macs, contested, virtual = _macs(plain, alive, rows)
    agents = list(islice(_own_macs(rows, heard.clues), MOST_OWN))
    found = [*_serials(heard, rows), *_keyed(heard), *_of_macs(macs)]
    found += [_Mark(f"mac:{mac}", marks.why_no_mac(mac)) for mac in agents]
    strong = dict.fromkeys(one.key for one in found if not one.why)
    ties = {one.key: one.why for one in found if one.why}
    name = heard.plate.name or heard.best_of("name")
    return Keys(
        address=plain,
        vantage=alive[0].vantage,
        strong=tuple(islice(strong, _MOST_KEYS + MOST_OWN)),
        macs=tuple(mac for mac in macs if not marks.why_no_mac(mac)),
        own_macs=tuple(mac for mac in agents if not marks.why_no_mac(mac)),
        own=tuple(_own(rows, plain)),
        name=name[: marks.MOST],
        names=_names(heard, open_ports),
        builds=tuple(sorted(_builds(heard.clues, open_ports))[:_MOST_NAMES]),
        weak=tuple(_weak(heard.clues)),
        look=_look(open_ports),
        virtual=virtual,
        contested=contested,
        plate=heard.plate,
        told=heard.told(),
        claims=heard.claims,
        ties=tuple(Tie(key=k, state="ignored", addresses=(plain,), why=why)
                   for k, why in islice(ties.items(), _MOST_KEYS)),
    )  # fmt: skip


def _rows(facts: Iterable[AnyFact]) -> Rows:
    """Return the fullest answer of an agent."""
    answers = [fact.rows for fact in facts if isinstance(fact, Snmp)]
    return max(answers, key=len, default={})


# MACs


def _macs(
    address: str, alive: Sequence[Alive], rows: Rows
) -> tuple[list[str], Contested | None, bool]:
    """Return the MAC heard for an address (several, where they are one machine's); what contests
    it; and whether only the MAC of a virtual router was heard. Who answered first counts.
    """
    fresh = [fact for fact in alive if fact.mac and fact.source != _ARP_TABLE]
    said = sorted(fresh or [f for f in alive if f.mac], key=lambda f: (f.at, f.source, f.mac))
    heard = list(dict.fromkeys(mac for fact in said if (mac := macs.read(fact.mac))))
    real = [mac for mac in heard if not marks.is_virtual_router(mac)]
    if not real:
        return heard[:1], None, bool(heard)
    others = set(islice(_own_macs(rows, ()), MOST_OWN))
    rivals = [m for m in real[1:] if not marks.are_neighbours(real[0], m)
              and not {real[0], m} <= others]  # fmt: skip
    if not rivals:
        return real[:_MOST_MACS], None, False
    evidence = tuple(sorted({fact.evidence for fact in said if fact.evidence}))[:_MOST_NAMES]
    shown = tuple(sorted([real[0], *rivals])[:_MOST_MACS])
    return real[:1], Contested(address=address, macs=shown, evidence=evidence), False


def _of_macs(macs: Iterable[str]) -> Iterator[_Mark]:
    for mac in macs:
        yield _Mark(f"mac:{mac}", marks.why_no_mac(mac))


def _own_macs(rows: Rows, found: Iterable[Clue]) -> Iterator[str]:
    """Yield the MACs that a machine calls its own; those with the local bit are bridges, tunnels
    and guests as often as not.
    """
    for _, oid in mib.column(rows, mib.IF_MAC):
        mac = macs.read(mib.mac(mib.octets(rows.get(oid))))
        if mac and not marks.is_local(mac):
            yield mac
    for clue in found:
        mac = macs.read(clue.value) if clue.field == "mac" else ""
        if mac and not marks.is_local(mac):
            yield mac


# Serials, keys, ids


def _serials(heard: Testimony, rows: Rows) -> Iterator[_Mark]:
    """Yield serials with their vendor: the plate's, of a stack all members', and probes'. A board's
    is its server's, which has other keys and other MACs.
    """
    vendor = heard.plate.vendor or heard.best_of("vendor")
    said = [
        heard.plate.serial or heard.best_of("serial"),
        *islice(_members(rows), _MOST_SERIALS),
    ]
    for serial in dict.fromkeys(filter(None, said)):
        why = "" if vendor else "no vendor known"
        if nameplate.is_junk(serial) or serial.startswith("<"):
            why = "placeholder"
        why = why or (_OF_BOARDS if heard.is_board() else "")
        yield _Mark(f"serial:{vendor}/{serial}"[: marks.MOST], why)
    if heard.junk_serial:
        yield _Mark(f"serial:{vendor}/{heard.junk_serial}"[: marks.MOST], "placeholder")


def _members(rows: Rows) -> Iterator[str]:
    """Yield the serials of a stack's chassis; a chassis within another one is a part of it."""
    for index, oid in mib.column(rows, mib.ENTITY_CLASS):
        tail = ".".join(map(str, index))
        inside = mib.number(rows, f"{mib.ENTITY_IN}.{tail}")
        whole = not inside or mib.number(rows, f"{mib.ENTITY_CLASS}.{inside}") == mib.STACK
        serial = mib.text(rows, f"{mib.ENTITY_SERIAL}.{tail}")
        if mib.number(rows, oid) == mib.CHASSIS and whole and not nameplate.is_junk(serial):
            yield serial[: marks.MOST]


def _keyed(heard: Testimony) -> Iterator[_Mark]:
    """Yield keys that clues are, and those that were refused, with why."""
    for clue in heard.clues:
        if clue.source.startswith("heard "):
            continue
        if clue.field == "ssh-key" and (digest := marks.key(clue.value)):
            yield _Mark(f"hostkey:{digest}")
        if clue.field in _READERS:
            kind, read = _READERS[clue.field]
            yield from _marked(kind, read(clue.value))
    for clue in heard.refused:
        if clue.field in ("uuid", "smb-guid"):
            kind, read = _READERS[clue.field]
            text, why = read(clue.value)
            yield from _marked(kind, (text, why or _OF_NAMES))


_READERS: Mapping[str, tuple[str, Callable[[str], tuple[str, str]]]] = {
    "smb-guid": ("guid", marks.uuid), "uuid": ("uuid", marks.uuid),
    "engine": ("engine", marks.engine),
}  # fmt: skip


def _marked(kind: str, read: tuple[str, str]) -> Iterator[_Mark]:
    if read[0]:
        yield _Mark(f"{kind}:{read[0]}", read[1])


# Weak ones


def _weak(found: Iterable[Clue]) -> list[str]:
    """Return what several machines have by rights: keys of certificates."""
    keys = (marks.key(clue.value) for clue in found if clue.field == "tls-key")
    return sorted({f"tls:{digest}" for digest in keys if digest})[:_MOST_NAMES]


def _names(heard: Testimony, open_ports: Iterable[Service]) -> tuple[str, ...]:
    """Return the short names that a machine gives to itself, without what makers call them all."""
    said = [heard.plate.name, *(one.answers.get("smb-name", "") for one in open_ports)]
    said += [
        clue.value
        for clue in heard.clues
        if clue.field in ("name", "dns-name") and _probe(clue) in _NAMED
    ]
    found = {short for name in said if (short := marks.short(name)) and not marks.is_generic(short)}
    return tuple(sorted(found)[:_MOST_NAMES])


def _probe(clue: Clue) -> str:
    return clue.source.removeprefix("heard ").partition(".")[0]


def _builds(found: Iterable[Clue], open_ports: Iterable[Service]) -> set[str]:
    said = {one.answers.get("smb-build", "") for one in open_ports}
    said |= {clue.value for clue in found if clue.source.endswith(".build")
             and clue.field == "version"}  # fmt: skip
    return said - {"", "0"}


def _look(open_ports: Iterable[Service]) -> str:
    """Return a digest of the open ports: with an address, what a nameless host is known by."""
    parts = ",".join(one.part for one in open_ports)
    return sha256(parts.encode()).hexdigest()[:12] if parts else ""


def _own(rows: Rows, address: str) -> Iterator[str]:
    """Yield the addresses that an agent calls its own (IP-MIB), without itself and loopback."""
    for index, _ in islice(mib.column(rows, mib.OWN_ADDRESS), MOST_OWN):
        found = canonical(".".join(map(str, index)))
        if not found or found == address:
            continue
        one = ipaddress.ip_address(found)
        if not (one.is_loopback or one.is_unspecified or one.is_multicast or one.is_link_local):
            yield found
