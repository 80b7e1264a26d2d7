"""What an address shows that may name its machine: the first, streaming pass. Pure.

A few hundred bytes an address stay of it; the facts themselves need not.
"""

import ipaddress
import sys
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from msgspec import Struct

from msptool.audit import mib, nameplate, spoken
from msptool.audit.asset import Contested, Service
from msptool.audit.facts import Alive, AnyFact, Snmp, Told
from msptool.audit.identify import marks, witnesses
from msptool.audit.identify.build import services
from msptool.audit.identify.shapes import Claim, Keys, Tie
from msptool.audit.mib import Rows

MOST_OWN = 1024  # addresses, and as many MACs, that an agent may call its own
_MOST_NAMES, _MOST_KEYS, _MOST_MACS, _MOST_SERIALS = 8, 64, 16, 16
_ARP_TABLE = "arp-table"  # what the kernel remembers: it may be of yesterday
_UUIDS = {("ssdp", "udn"), ("wsd", "uuid"), ("ipp", "uuid"), ("redfish", "uuid"), ("mdns", "uuid")}
_NAMED = ("smb", "ntlm", "rdp", "nbns")


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
    told = [fact for fact in known if isinstance(fact, Told)]
    open_ports, rows = services(known), _rows(known)
    heard = witnesses.hear(plain, rows, told)
    macs, contested, virtual = _macs(plain, alive, rows)
    agents = list(islice(_own_macs(rows, told), MOST_OWN))
    found = [*_serials(heard, rows), *_told(told), *_of_macs(macs)]
    found += [_Mark(f"mac:{mac}", marks.why_no_mac(mac)) for mac in agents]
    strong = dict.fromkeys(one.key for one in found if not one.why)
    ties = {one.key: one.why for one in found if one.why}
    name = heard.plate.name or heard.best.get("name", "") or spoken.name(open_ports)
    return Keys(
        address=plain,
        vantage=alive[0].vantage,
        strong=tuple(islice(strong, _MOST_KEYS + MOST_OWN)),
        macs=tuple(mac for mac in macs if not marks.why_no_mac(mac)),
        own_macs=tuple(mac for mac in agents if not marks.why_no_mac(mac)),
        own=tuple(_own(rows, plain)),
        name=name[: marks.MOST],
        names=_names(heard.plate.name, told, open_ports),
        builds=tuple(sorted(_builds(told, open_ports))[:_MOST_NAMES]),
        weak=tuple(_weak(told)),
        look=_look(open_ports),
        virtual=virtual,
        contested=contested,
        plate=heard.plate,
        hints=heard.best,
        claims=(*heard.claims, *_by_services(plain, heard.claims, open_ports)),
        ties=tuple(Tie(key=k, state="ignored", addresses=(plain,), why=why)
                   for k, why in islice(ties.items(), _MOST_KEYS)),
    )  # fmt: skip


def _by_services(
    address: str, claims: Iterable[Claim], open_ports: Sequence[Service]
) -> Iterator[Claim]:
    """Yield what greetings and open ports tell where nobody said it."""
    said = {claim.field for claim in claims if claim.state == "taken"}
    told = {"name": spoken.name(open_ports), "type": spoken.kind(open_ports)}
    for field, text in told.items():
        if text and field not in said:
            by = "greeting" if field == "name" else "open ports"
            yield Claim(field=field, value=text[: witnesses.MOST_VALUE], by=by, address=address,
                        belief=0.3, state="taken")  # fmt: skip


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
    heard = list(dict.fromkeys(mac for fact in said if (mac := marks.mac(fact.mac))))
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


def _own_macs(rows: Rows, told: Iterable[Told]) -> Iterator[str]:
    """Yield the MACs that a machine calls its own; those with the local bit are bridges, tunnels
    and guests as often as not.
    """
    for _, oid in mib.column(rows, mib.IF_MAC):
        mac = marks.mac(mib.mac(mib.octets(rows.get(oid))))
        if mac and not marks.is_local(mac):
            yield mac
    for fact in told:
        mac = marks.mac(str(fact.values.get("mac", "")))
        if mac and fact.probe in {"nbns", "engine-id"} and not marks.is_local(mac):
            yield mac


# Serials, keys, ids


def _serials(heard: witnesses.Heard, rows: Rows) -> Iterator[_Mark]:
    """Yield serials with their vendor: the plate's, of a stack all members', and probes'."""
    vendor = heard.plate.vendor or heard.best.get("vendor", "")
    said = [
        heard.plate.serial or heard.best.get("serial", ""),
        *islice(_members(rows), _MOST_SERIALS),
    ]
    for serial in dict.fromkeys(filter(None, said)):
        why = "" if vendor else "no vendor known"
        if nameplate.is_junk(serial) or serial.startswith("<"):
            why = "placeholder"
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


def _told(told: Iterable[Told]) -> Iterator[_Mark]:
    for fact in told:
        said = {key: str(text) for key, text in fact.values.items()}
        if fact.probe == "ssh" and (digest := marks.key(said.get("host_key_sha256", ""))):
            yield _Mark(f"hostkey:{digest}")
        if fact.probe == "smb" and said.get("guid"):
            yield from _marked("guid", marks.uuid(said["guid"]))
        if fact.probe == "engine-id":
            yield from _marked("engine", marks.engine(said.get("engine_id", "")))
        for key, text in said.items():
            if (fact.probe, key) in _UUIDS:
                yield from _marked("uuid", marks.uuid(text))


def _marked(kind: str, read: tuple[str, str]) -> Iterator[_Mark]:
    if read[0]:
        yield _Mark(f"{kind}:{read[0]}", read[1])


# Weak ones


def _weak(told: Iterable[Told]) -> list[str]:
    """Return what several machines have by rights: keys of certificates."""
    found = [
        f"tls:{digest}"
        for fact in told
        if fact.probe == "tls" and (digest := marks.key(str(fact.values.get("key_sha256", ""))))
    ]
    return sorted(set(found))[:_MOST_NAMES]


def _names(agents: str, told: Iterable[Told], open_ports: Iterable[Service]) -> tuple[str, ...]:
    """Return the short names that a machine gives to itself, without what makers call them all."""
    said = [agents, *(one.answers.get("smb-name", "") for one in open_ports)]
    said += [str(fact.values.get("name", "")) for fact in told if fact.probe in (*_NAMED, "mdns")]
    found = {short for name in said if (short := marks.short(name)) and not marks.is_generic(short)}
    return tuple(sorted(found)[:_MOST_NAMES])


def _builds(told: Iterable[Told], open_ports: Iterable[Service]) -> set[str]:
    said = {one.answers.get("smb-build", "") for one in open_ports}
    said |= {str(fact.values.get("build", ""))[:40] for fact in told if fact.probe in _NAMED}
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
