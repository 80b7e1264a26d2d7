"""Who said what of one address's machine, and who was believed: SNMP before the other probes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from msptool.audit import families, nameplate
from msptool.audit.facts import Told
from msptool.audit.families import shipped_families
from msptool.audit.identify.hints import Hint, hints
from msptool.audit.identify.shapes import Claim
from msptool.audit.mib import Rows
from msptool.audit.nameplate import Nameplate
from msptool.audit.witness import Said

FIELDS = ("vendor", "model", "version", "serial", "name", "os", "type")
MOST_VALUE = 120  # signs of an answer that are kept
_MOST_OTHERS = 3  # outvoted witnesses that are kept, by field
_MOST_HINTS = 200


@dataclass(frozen=True)
class Heard:
    """What an agent's plate says, what other probes say best by field, and all that was said."""

    plate: Nameplate
    best: Mapping[str, str]
    claims: tuple[Claim, ...]
    junk_serial: str = ""


def hear(address: str, rows: Rows, told: Iterable[Told]) -> Heard:
    """Hear all witnesses of an address; each field's refused and outvoted ones are kept, too."""
    family = families.find(rows, shipped_families()) if rows else None
    said = list(nameplate.hearing(rows, family)) if rows else []
    plate = _bounded(nameplate.judge(rows, family, said)) if rows else Nameplate()
    given = list(islice((hint for fact in told for hint in hints(fact)), _MOST_HINTS))
    best = _best(given)
    claims = [*_of_agent(address, said), *_of_plate(address, plate, said)]
    claims += _of_probes(address, given, best, plate)
    return Heard(plate, {k: h.value for k, h in best.items()}, tuple(_few(claims)), _junk(said))


def _bounded(plate: Nameplate) -> Nameplate:
    cut = {field: getattr(plate, field)[:255] for field in plate.__dataclass_fields__}
    return Nameplate(**cut)


def value(plate: Nameplate, field: str) -> str:
    """Return what a plate says of a field."""
    return str(getattr(plate, "kind" if field == "type" else field))


def _best(given: Iterable[Hint]) -> dict[str, Hint]:
    """Return the hint that is believed most by field, of equals the first by value."""
    best: dict[str, Hint] = {}
    for hint in sorted(given, key=lambda h: (-h.confidence, h.probe, h.value)):
        if _plausible(hint):
            best.setdefault(hint.field, hint)
    return best


def _plausible(hint: Hint) -> bool:
    if hint.field in {"serial", "version", "model"}:
        return nameplate.is_plausible(_said(hint))
    return bool(hint.value.strip()) and hint.field in FIELDS


def _said(hint: Hint) -> Said:
    return Said(hint.field, hint.value, hint.confidence, hint.probe)  # type: ignore[arg-type]


def _of_agent(address: str, said: Iterable[Said]) -> Iterator[Claim]:
    told = sorted(said, key=lambda one: (one.field, -one.belief))
    best = nameplate.believed(told)
    for one in told:
        state = "taken" if one is best.get(one.field) else ""
        state = state or ("" if nameplate.is_plausible(one) else "refused")
        yield Claim(field=one.field, value=one.value.strip()[:MOST_VALUE], by=f"SNMP {one.by}",
                    address=address, belief=round(one.belief, 3), state=state)  # fmt: skip


def _of_plate(address: str, plate: Nameplate, said: Iterable[Said]) -> Iterator[Claim]:
    """Yield what no witness says alone: it is read from sysObjectID, sysName and the family."""
    heard = {one.field for one in said}
    for field in FIELDS:
        if field not in heard and (text := value(plate, field)):
            by = "SNMP sysName" if field == "name" else "SNMP"
            yield Claim(field=field, value=text[:MOST_VALUE], by=by, address=address, belief=0.95,
                        state="taken")  # fmt: skip


def _of_probes(
    address: str, given: Iterable[Hint], best: Mapping[str, Hint], plate: Nameplate
) -> Iterator[Claim]:
    for hint in sorted(set(given)):
        state = "" if _plausible(hint) else "refused"
        if hint == best.get(hint.field) and not value(plate, hint.field):
            state = "taken"
        yield Claim(field=hint.field, value=hint.value[:MOST_VALUE], by=hint.probe,
                    address=address, belief=hint.confidence, state=state)  # fmt: skip


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
