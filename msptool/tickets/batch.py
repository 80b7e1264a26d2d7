"""What one report said, as far as tickets care; from a Report, or from lines of a pipe.

A batch is `whole` only if its report ended, says it is complete, and no line of it was lost: only
then may silence about a finding mean anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from msptool import model, ulid
from msptool.errors import UsageError
from msptool.model import Attempt, End, Failure, Finding, Header, Link, Report, Rule, Thing

LINE_LIMIT_BYTES = 4 << 20
UNREACHABLE = "unreachable"  # a fact of findings that say: it does not answer at all


@dataclass(frozen=True)
class Batch:
    """One report's records; loose findings have no header and resolve nothing.

    `only`: of a check and a thing the parts that its attempt spoke of, where it did not look at the
    whole thing: a part itself, or what stands before the last "#" in it. `kept`: whether a receipt
    is left; not of one message about one thing, of which hundreds come a day.
    """

    header: Header | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    things: tuple[Thing, ...] = ()
    links: tuple[Link, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    findings: tuple[Finding, ...] = ()
    whole: bool = False
    only: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    kept: bool = True


@dataclass(frozen=True)
class Refused:
    """A line, or another part of what was said, that was passed over; they count from 1."""

    line: int
    why: str
    part: str = "line"


def of_report(report: Report, client: str) -> Batch:
    """Return a report's batch; raise UsageError if it speaks of another client."""
    _require_ours(report.header, client)
    theirs = next((f for f in report.findings if not _is_ours(f, client)), None)
    if theirs is not None:
        raise _other_client(theirs.subject.client, client)
    return Batch(
        header=report.header,
        rules={rule.check: rule for rule in report.rules},
        things=report.things,
        links=report.links,
        attempts=report.attempts,
        findings=report.findings,
        whole=report.end.complete,
    )


@dataclass(frozen=True)
class Said:
    """What lines held, in order; `unended` names the reports that failed or were cut off."""

    batches: tuple[Batch, ...]
    refused: tuple[Refused, ...]
    unended: tuple[str, ...]


def of_lines(lines: Iterable[bytes], client: str) -> Said:
    """Return the batches that lines hold, and what of them was passed over or is missing.

    A header opens a report, `end` or `error` closes it; findings outside of one, with or without
    a `type`, are loose. Raises UsageError if a report speaks of another client or format.
    """
    batches: list[Batch] = []
    refused: list[Refused] = []
    unended: list[str] = []
    held = _Held()
    for number, raw in enumerate(lines, start=1):
        try:
            line = _decode(raw, client)
        except ValueError as error:
            held.lost = True
            refused.append(Refused(number, str(error)))
            continue
        if isinstance(line, Header):
            _require_ours(line, client)
            batches += held.close()
            unended += held.cut()
            held = _Held(header=line)
        elif isinstance(line, End | Failure):
            batches += held.close(line)
            if isinstance(line, Failure):
                unended.append(f"{held.name} ({line.message})" if held.name else line.message)
            held = _Held()
        elif line is not None:
            held.records.append(line)
    batches += held.close()
    unended += held.cut()
    return Said(tuple(batches), tuple(refused), tuple(unended))


@dataclass
class _Held:
    """The report that is being read."""

    header: Header | None = None
    records: list[model.Line] = field(default_factory=list)
    lost: bool = False

    @property
    def name(self) -> str:
        return f"{self.header.kind} {self.header.run}" if self.header else ""

    def cut(self) -> Iterator[str]:
        """Yield the name of a report whose last line never came."""
        if self.name:
            yield self.name

    def close(self, last: End | Failure | None = None) -> Iterator[Batch]:
        """Yield the batch; nothing where nothing was held."""
        if self.header is None and not self.records:
            return
        yield Batch(
            header=self.header,
            rules={line.check: line for line in self.records if isinstance(line, Rule)},
            things=tuple(line for line in self.records if isinstance(line, Thing)),
            links=tuple(line for line in self.records if isinstance(line, Link)),
            attempts=tuple(line for line in self.records if isinstance(line, Attempt)),
            findings=tuple(line for line in self.records if isinstance(line, Finding)),
            whole=isinstance(last, End) and last.complete and not self.lost,
        )


_loose: msgspec.json.Decoder[Finding] = msgspec.json.Decoder(Finding)


class _Kind(msgspec.Struct):
    type: str | None = None


_kind: msgspec.json.Decoder[_Kind] = msgspec.json.Decoder(_Kind)


def _decode(raw: bytes, client: str) -> model.Line | None:
    """Return a line's record, None for a blank one; raise ValueError where it is no record."""
    text = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return None
    if len(text) > LINE_LIMIT_BYTES:
        raise ValueError("longer than 4 MiB")
    try:
        line = _record(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if isinstance(line, Finding) and not _is_ours(line, client):
        raise ValueError(f"a finding of another client, {line.subject.client[:40]!r}")
    return line


def _record(text: bytes) -> model.Line:
    """Return a record; most have a type, so it is looked for only where it turns out to lack."""
    try:
        return model.decode(text)
    except msgspec.ValidationError:
        if _kind.decode(text).type is None:
            return _loose.decode(text)
        raise


def _is_ours(finding: Finding, client: str) -> bool:
    return finding.subject.client.casefold() in ("", client.casefold())


def _require_ours(header: Header, client: str) -> None:
    if header.schema != model.SCHEMA:
        raise UsageError(
            "report.schema", f"a report of format {header.schema[:40]!r}, not {model.SCHEMA}",
            hint="a newer msptool wrote it; update this one",
        )  # fmt: skip
    if not ulid.is_ulid(header.run):
        raise UsageError("report.run", f"{header.run[:40]!r} is not a run's id")
    if header.client.casefold() != client.casefold():
        raise _other_client(header.client, client)


def _other_client(theirs: str, ours: str) -> UsageError:
    return UsageError(
        "report.other-client",
        f"the report is of client {theirs[:40]!r}, this workspace of {ours!r}; nothing was written",
        hint="name the right workspace with -C DIR",
    )
