"""How signed proofs read on a terminal, and as JSON Lines."""

from collections.abc import Iterable, Iterator

import msgspec

from msptool import clock, terminal
from msptool.backup import verdicts
from msptool.backup.evidence.bundle import Exported
from msptool.backup.evidence.check import Chain, Checked, Fault
from msptool.backup.evidence.showing import Shown
from msptool.backup.evidence.statement import Comparison, Objectives, Predicate, Statement
from msptool.cli import base, records, speech
from msptool.cli.speech import _

_LABEL = 11


class ChainLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="chain"):
    """A job's proofs by one key. `held`: a head from outside vouches up to it; 0 for none."""

    job: str
    keyid: str
    statements: int
    sequence: int
    sha256: str
    held: int


class FaultLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="fault"):
    """What is wrong with a file: bytes `first` to before `last`, null where that is unknown."""

    kind: str
    file: str
    detail: str
    first: int | None
    last: int | None


class CheckedLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="checked"):
    """The outcome. `key_given`: signatures were held against a key from outside."""

    intact: bool
    key_given: bool
    materials: int
    absent: int


class ShownLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="proof"):
    """A statement as it was signed, and what checks it elsewhere."""

    head: str
    keyid: str
    key: str
    count: int
    statement: Statement


class ExportedLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="bundle"):
    """A folder that was written."""

    folder: str
    statements: int
    materials: int
    absent: int


def emit(lines: Iterable[msgspec.Struct]) -> None:
    """Print records that end in `end`."""
    base.say(records.lines(list(lines)))


# verify


def checked_lines(checked: Checked) -> Iterator[msgspec.Struct]:
    """Yield what a check found."""
    for one in checked.chains:
        yield ChainLine(
            job=one.job,
            keyid=_keyid(one, checked),
            statements=len(one.files),
            sequence=one.last,
            sha256=one.files[one.last].sha256,
            held=one.held,
        )
    for fault in checked.faults:
        yield FaultLine(
            kind=fault.kind,
            file=fault.name,
            detail=fault.detail,
            first=fault.first,
            last=fault.last,
        )
    yield CheckedLine(
        intact=checked.intact,
        key_given=checked.key_given,
        materials=checked.materials,
        absent=checked.absent,
    )


def _keyid(one: Chain, checked: Checked) -> str:
    return next((keyid for keyid in checked.keys if keyid.startswith(one.key8)), one.key8)


def checked(checked: Checked) -> str:
    """Return what a check found, and how far that reaches."""
    lines = [line for one in checked.chains for line in _chain(one)]
    lines += [_fault(fault) for fault in checked.faults]
    if checked.materials or checked.absent:
        lines.append(
            _("files named by proofs: {0} right, {1} not here", checked.materials, checked.absent)
        )
    if not checked.key_given:
        lines.append(_("NOT PROVEN who signed: only the key beside the proofs was used; = --key"))
    faults = len(checked.faults)
    lines.append(_("intact") if checked.intact else _("NOT INTACT: {0} faults", faults))
    return records.visible_lines(*lines)


def _chain(one: Chain) -> Iterator[str]:
    times = [told.predicate.ended_at for told in one.sound.values()]
    span = f", {clock.iso(min(times))} … {clock.iso(max(times))}" if times else ""
    yield _("{0}, key {1}: {2} proofs", one.job, one.key8, len(one.files)) + span
    yield f"  {one.job}:{one.last}:{one.files[one.last].sha256}"
    if not one.held:
        yield "  " + _("NOT PROVEN that none is cut off at the end: no head was given; = --head")
    elif one.held < one.last:
        yield "  " + _("all up to {0} are here; after it, some may be cut off", one.held)
    else:
        yield "  " + _("all up to the head that was given are here")


_FAULTS = {
    "undecodable": "cannot be read",
    "not-canonical": "holds other bytes than what was written",
    "signature": "payload or signature was changed",
    "foreign-key": "signed by a key that was not given or is not known",
    "misplaced": "says that it belongs elsewhere",
    "missing": "proofs before it are missing",
    "chain": "follows another proof than the one before it",
    "too-large": "is larger than any proof",
    "cut": "the known head is missing: the end was cut off",
    "rewritten": "another proof stands in place of the known head",
    "material": "is not the file that a proof names",
    "foreign": "belongs to no proof",
    "public-key": "is not the public key of its name",
}


def _fault(fault: Fault) -> str:
    where = ""
    if fault.first is not None and fault.last is not None:
        where = _(", bytes {0} to {1}", fault.first, fault.last - 1)
    said = speech.told("evidence", _FAULTS[fault.kind])
    return f"{fault.name}: {said}{where}" + (f" ({fault.detail})" if fault.detail else "")


# show


def shown(told: Shown) -> str:
    """Return a statement as people read it."""
    said = told.statement.predicate
    lines = [_("{0}: proof {1} of {2}", said.job, told.head.sequence, told.count)]
    for label, text in (*_told(said), *_proof(told)):
        if text:
            lines.append(f"{label:<{_LABEL}} {text}")
    return records.visible_lines(*lines)


def _told(said: Predicate) -> Iterator[tuple[str, str]]:
    verdict = verdicts.known(said.verdict)
    word = verdicts.TABLE[verdict].words[terminal.language()] if verdict else said.verdict
    yield _("verdict"), f"{word}. {said.detail}" if said.detail else word
    yield _("client"), said.client
    yield _("repository"), said.repository
    yield _("tested"), f"{clock.iso(said.began_at)} … {clock.iso(said.ended_at)}"
    yield _("level"), ", ".join(filter(None, [said.level, said.sandbox]))
    yield _("compared"), _compared(said.comparison)
    yield _("coverage"), said.coverage.statement
    if said.coverage.packs:
        read = _("{0} of {1} were read", said.coverage.packs_read, said.coverage.packs)
        yield _("packs"), read
    for probe in said.probes:
        counts = ", ".join(f"{name} {count}" for name, count in probe.counts.items())
        yield _("probe"), "  ".join(filter(None, [probe.kind, probe.object, probe.verdict, counts]))
    yield "RPO", _against(said.objectives.rpo_s, said.objectives.rpo_limit_s)
    yield "RTO", _rto(said.objectives)
    yield _("with"), f"restic {said.restic}, msptool {said.msptool}"


def _compared(told: Comparison) -> str:
    if told.method == "none":
        return _("nothing")
    head = _("{0} of {1} files, {2}", told.files, told.files_sealed, told.method)
    counts = {
        _("same"): told.same,
        _("moved"): told.moved,
        _("differ"): told.differ,
        _("lost"): told.lost,
        _("absent"): told.absent,
    }
    return ", ".join([head, *(f"{word} {count}" for word, count in counts.items() if count)])


def _rto(told: Objectives) -> str:
    took = None if told.rto_ms is None else told.rto_ms / 1000
    return _against(took, None if told.rto_limit_ms is None else told.rto_limit_ms / 1000)


def _against(seconds: float | None, limit_s: float | None) -> str:
    took = _("unknown") if seconds is None else speech.age(seconds)
    return took if limit_s is None else f"{took} / {speech.age(limit_s)}"


def _proof(told: Shown) -> Iterator[tuple[str, str]]:
    for each in told.statement.subject:
        yield _("subject"), f"{each.name}  sha256 {each.digest.sha256}"
    for material in told.statement.predicate.materials:
        yield _("material"), f"{material.uri}  sha256 {material.digest.sha256}"
    yield _("previous"), told.statement.predicate.previous or _("none")
    yield _("head"), str(told.head)
    yield _("key"), told.public.hex()
    yield _("key id"), told.head.keyid


def shown_line(told: Shown) -> ShownLine:
    """Return a statement as a record."""
    return ShownLine(
        head=str(told.head),
        keyid=told.head.keyid,
        key=told.public.hex(),
        count=told.count,
        statement=told.statement,
    )


# export


def exported(made: Exported) -> str:
    """Return what was written, and what must go another way."""
    counts = made.statements, made.materials
    lines = [_("{0}: {1} proofs, {2} files named by them", made.folder, *counts)]
    if made.absent:
        lines.append(_("{0} files named by proofs are no longer here", made.absent))
    lines.append(_("Give key and head another way: they are in report and tickets."))
    return records.visible_lines(*lines)


def exported_line(made: Exported) -> ExportedLine:
    """Return what was written as a record."""
    return ExportedLine(
        folder=str(made.folder),
        statements=made.statements,
        materials=made.materials,
        absent=made.absent,
    )
