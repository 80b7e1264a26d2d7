"""Who said what of one address's machine, and who was believed: SNMP before the other probes."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msptool.audit import clues, families, mib, nameplate, spoken
from msptool.audit.asset import Service
from msptool.audit.clues import Clue
from msptool.audit.facts import Heard, Told
from msptool.audit.families import Family, shipped_families
from msptool.audit.identify.shapes import Claim
from msptool.audit.mib import Rows
from msptool.audit.nameplate import Nameplate
from msptool.audit.vendors import AGENTS
from msptool.audit.witness import Said

FIELDS = ("vendor", "model", "version", "serial", "name", "os", "type")
MOST_VALUE = 120  # signs of an answer that are kept
_MOST_OTHERS = 3  # outvoted witnesses that are kept, by field
_MOST_CLUES = 200
_OPEN_PORTS = "ports."
# What clues are of our fields, and how much less each is believed: a machine's own short name
# before its full one, and that before what people call it.
_FIELDS: Mapping[str, tuple[str, float]] = {
    **{field: (field, 0.0) for field in FIELDS if field != "type"},
    "kind": ("type", 0.0), "dns-name": ("name", 0.1), "label": ("name", 0.4),
}  # fmt: skip


@dataclass(frozen=True)
class Testimony:
    """What an agent's plate says, what others say best by field, all that was said, and the clues
    to what machine it is: `clues` that are believed, and `refused` ones, placeholders.
    """

    plate: Nameplate
    best: Mapping[str, Clue]
    claims: tuple[Claim, ...]
    clues: tuple[Clue, ...] = ()
    refused: tuple[Clue, ...] = ()
    junk_serial: str = ""

    def best_of(self, field: str) -> str:
        """Return what others than the agent say best of a field."""
        return self.best[field].value if field in self.best else ""

    def told(self) -> Mapping[str, str]:
        """Return what others than the agent say best, by field; but for the name, and what open
        ports tell again: of each address this is kept until the end, so that equal ones are one.
        """
        kept = [(f, c.value) for f, c in self.best.items()
                if f != "name" and c.source != _OPEN_PORTS]  # fmt: skip
        return _shared(tuple(sorted(kept)))

    def is_board(self) -> bool:
        """Tell whether a server's management board speaks, which tells the server's serial."""
        return any(clue.field == "board" for clue in self.clues)


@functools.lru_cache(maxsize=1024)
def _shared(pairs: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return dict(pairs)


def hear(
    address: str, rows: Rows, told: Sequence[Told | Heard], open_ports: Sequence[Service] = ()
) -> Testimony:
    """Hear all witnesses of an address; each field's refused and outvoted ones are kept, too."""
    family = families.find(rows, shipped_families()) if rows else None
    said = list(nameplate.hearing(rows, family)) if rows else []
    plate = _bounded(nameplate.judge(rows, family, said)) if rows else Nameplate()
    said_so = clues.clues(told)
    found = _its_own((*said_so, *_of_ports(open_ports, said_so)), rows)[:_MOST_CLUES]
    refused = clues.refused(told)[:_MOST_CLUES]
    given = list(_of_fields(found))
    best = _best(given)
    claims = [*_of_agent(address, said), *_of_plate(address, plate, said, family)]
    claims += _of_clues(address, given, best, plate)
    claims += (_claim(clue, address, "refused") for clue in _of_fields(refused))
    return Testimony(plate, best, tuple(_few(claims)), found, refused, _junk(said))


def _of_ports(open_ports: Sequence[Service], said: Iterable[Clue]) -> Iterator[Clue]:
    """Yield what open ports tell, and of greetings what no probe said."""
    yield Clue("kind", spoken.kind(open_ports), _OPEN_PORTS, 0.45)
    name = spoken.name(open_ports)
    if name not in {clue.value for clue in said}:
        yield Clue("name", name, "greeting.", 0.3)


def _its_own(found: Sequence[Clue], rows: Rows) -> tuple[Clue, ...]:
    """Leave out what a print server tells of the printers behind its queues."""
    kind = next((c.value for c in sorted(found, key=_order) if c.field == "kind" and c.value), "")
    if kind in ("", "printer") and mib.enterprise(rows) not in AGENTS:
        return tuple(found)
    queues = any(c.source in _QUEUES and c.value == "printer" for c in found)
    return tuple(c for c in found if not (queues and c.source.startswith(_OF_QUEUES)))


_QUEUES = frozenset({"ipp.protocol", "mdns.services", "heard mdns.services"})
_OF_QUEUES = ("ipp.", *(f"{by}mdns.{key}" for by in ("", "heard ")
                        for key in ("vendor", "model", "serial", "uuid")))  # fmt: skip


def _of_fields(found: Iterable[Clue]) -> Iterator[Clue]:
    """Yield clues that are of our fields, by our names for them."""
    for clue in found:
        field, less = _FIELDS.get(clue.field, ("", 0.0))
        if field and clue.value:
            yield clue._replace(field=field, belief=round(clue.belief - less, 3))


def _order(clue: Clue) -> tuple[float, str, str]:
    return -clue.belief, clue.source, clue.value


def _bounded(plate: Nameplate) -> Nameplate:
    cut = {field: getattr(plate, field)[:255] for field in plate.__dataclass_fields__}
    return Nameplate(**cut)


def value(plate: Nameplate, field: str) -> str:
    """Return what a plate says of a field."""
    return str(getattr(plate, "kind" if field == "type" else field))


def _best(given: Iterable[Clue]) -> dict[str, Clue]:
    """Return the clue that is believed most by field, of equals the first by its source."""
    best: dict[str, Clue] = {}
    for clue in sorted(given, key=_order):
        if _plausible(clue):
            best.setdefault(clue.field, clue)
    return best


def _plausible(clue: Clue) -> bool:
    if clue.field in {"serial", "version", "model"}:
        said = Said(clue.field, clue.value, clue.belief, clue.source)  # type: ignore[arg-type]
        return nameplate.is_plausible(said)
    return True


def _of_agent(address: str, said: Iterable[Said]) -> Iterator[Claim]:
    told = sorted(said, key=lambda one: (one.field, -one.belief))
    best = nameplate.believed(told)
    for one in told:
        state = "taken" if one is best.get(one.field) else ""
        state = state or ("" if nameplate.is_plausible(one) else "refused")
        yield Claim(field=one.field, value=one.value.strip()[:MOST_VALUE], by=f"SNMP {one.by}",
                    address=address, belief=round(one.belief, 3), state=state)  # fmt: skip


def _of_plate(
    address: str, plate: Nameplate, said: Iterable[Said], family: Family | None
) -> Iterator[Claim]:
    """Yield what no witness says alone: it is read from sysObjectID, sysName and the family."""
    heard = {one.field for one in said}
    by = {"name": "SNMP sysName", "vendor": "SNMP sysObjectID"}
    told = f"SNMP family {family.vendor}" if family and family.vendor else "SNMP, all it answers"
    for field in FIELDS:
        if field not in heard and (text := value(plate, field)):
            yield Claim(field=field, value=text[:MOST_VALUE], by=by.get(field, told), belief=0.95,
                        address=address, state="taken")  # fmt: skip


def _of_clues(
    address: str, given: Iterable[Clue], best: Mapping[str, Clue], plate: Nameplate
) -> Iterator[Claim]:
    for clue in sorted(set(given)):
        state = "" if _plausible(clue) else "refused"
        if clue == best.get(clue.field) and not value(plate, clue.field):
            state = "taken"
        yield _claim(clue, address, state)


def _claim(clue: Clue, address: str, state: str) -> Claim:
    return Claim(field=clue.field, value=clue.value[:MOST_VALUE], by=said_by(clue.source),
                 address=address, belief=clue.belief, state=state)  # fmt: skip


# What people call probes; of others the name in capitals.
_CALLED = {
    "tls": "certificate", "netbios-ns": "NetBIOS", "mdns": "mDNS", "ws-discovery": "WS-Discovery",
    "upnp": "UPnP", "winrm": "WinRM", "ms-sql-m": "SQL Server Browser", "redfish": "Redfish",
    "ilo": "iLO", "esxi": "VMware", "qnap": "QNAP", "ubiquiti": "Ubiquiti", "ports": "open ports",
    "greeting": "greeting", "engine-id": "engine id", "smb1": "SMB 1", "apcupsd": "apcupsd",
}  # fmt: skip

_CALLED_KEYS = {"cn": "name", "comment": "banner", "protocol": "", "key-sha256": "key"}


def said_by(source: str) -> str:
    """Return a clue's source for people: `heard mdns.name` is "mDNS name, announced"."""
    probe, _, key = source.removeprefix("heard ").partition(".")
    key = _CALLED_KEYS.get(key, key.replace("-", " "))
    told = f"{_CALLED.get(probe, probe.upper())} {key}".strip()
    return f"{told}, announced" if source.startswith("heard ") else told


def _few(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield by field what was taken, and of the others those believed most, each value once."""
    order = {field: at for at, field in enumerate(FIELDS)}
    shown: dict[str, set[tuple[str, str]]] = {}
    known = sorted(claims, key=lambda c: (order[c.field], c.state != "taken", -c.belief, c.value))
    for claim in known:
        seen = shown.setdefault(claim.field, set())
        what = claim.by, claim.value
        if claim.value and what not in seen and len(seen) <= _MOST_OTHERS:
            seen.add(what)
            yield claim


def _junk(said: Iterable[Said]) -> str:
    """Return the first serial that was refused as a placeholder, to tell why it joined nobody."""
    junk = (s.value.strip() for s in said if s.field == "serial" and nameplate.is_junk(s.value))
    return next((text[:MOST_VALUE] for text in junk if text), "")
