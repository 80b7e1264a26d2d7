"""What `msptool audit` says on a terminal; everything from the network is escaped here."""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from msptool import clock, model, terminal
from msptool.cli import base, speech
from msptool.cli.speech import _
from msptool.errors import FINE, PartDone, UsageError
from msptool.escape import visible
from msptool.judge import Check
from msptool.model import Finding, Report, fill
from msptool.profile.load import nearest
from msptool.profile.shape import Profile

if TYPE_CHECKING:
    from msptool.audit.identify import Explanation
    from msptool.audit.identify.shapes import Claim
    from msptool.audit.replay import Identified
    from msptool.audit.witness import Said

SHOWN = 12
_LONGEST = 60  # signs of a witness' answer


def summary(report: Report, root: Path) -> str:
    """Return counts, the worst findings, and what was not seen."""
    spent = (report.end.ended_at - report.header.started_at).total_seconds()
    counts, face = _counts(report.findings), terminal.clock_face(spent)
    head = _("{0} audit: {1}   {2}", report.header.client, counts, face)
    lines = [head, *_findings(report, SHOWN)]
    left = len(report.findings) - SHOWN
    if left > 0:
        lines.append(_("... {0} more: msptool audit show", left))
    following = _("Next: {0}", f"msptool -C {shlex.quote(str(root))} tickets ingest")
    return "\n".join([*lines, *_unseen(report), *lost(report), following])


def whole(report: Report) -> str:
    """Return every finding, every asset, and what was not seen."""
    assets = [thing for thing in report.things if thing.kind == "asset"]
    rows = [
        (
            thing.name,
            str(thing.facts.get("type", "")),
            " ".join(str(thing.facts.get(key, "")) for key in ("vendor", "model")).strip(),
            ", ".join(thing.addresses),
            str(thing.facts.get("ports", "")),
        )
        for thing in assets
    ]
    table = base.columns(("NAME", "TYPE", "MODEL", "ADDRESSES", "PORTS"), rows)
    when = clock.iso(report.end.ended_at)
    head = _("{0} audit of {1}: {2}", report.header.client, when, _counts(report.findings))
    found = _findings(report, len(report.findings))
    return "\n".join([head, *found, *_unseen(report), *lost(report), "", table])


def lost(report: Report) -> list[str]:
    """Return one line on what a scan without raw sockets cannot show; none where it had them."""
    if report.header.privilege == "root":
        return []
    return [_("LESS      no raw sockets: connect scans, fewer MACs, no search for IPv6; = sudo")]


def _counts(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    told = [f"{counts[severity]} {severity}" for severity in model.SEVERITIES if counts[severity]]
    return ", ".join(told) or _("no findings")


def _findings(report: Report, limit: int) -> list[str]:
    rules = {rule.check: rule for rule in report.rules}
    names = {thing.id: thing.name for thing in report.things}
    worst = sorted(report.findings, key=lambda f: (model.SEVERITIES.index(f.severity), f.check))
    if not worst:
        return []
    language = terminal.language()
    rows = [
        (
            finding.severity,
            finding.check,
            f"{names.get(finding.subject.thing, finding.subject.thing)} {finding.subject.part}",
            fill(rules[finding.check].message[language], finding.facts),
        )
        for finding in worst[:limit]
    ]
    return base.columns(("SEVERITY", "CHECK", "WHERE", "WHAT"), rows).splitlines()


def _unseen(report: Report) -> list[str]:
    """Return one line: how many attempts ended without a verdict, and the main reasons."""
    blind = [a for a in report.attempts if a.outcome in ("unknown", "skipped")]
    blind = [a for a in blind if a.reason != "not-applicable"]
    if not blind:
        return []
    language = terminal.language()
    reasons = Counter(attempt.reason for attempt in blind).most_common(4)
    told = ", ".join(f"{model.REASONS[reason][language]} {count}" for reason, count in reasons)
    return [_("NOT SEEN  {0} of {1} attempts: {2}", len(blind), len(report.attempts), told)]


class Look(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="plan"):
    """What a run would look at today, and from where."""

    networks: tuple[str, ...]
    addresses: int
    excluded: int
    learn: tuple[str, ...]
    ports: int
    udp_ports: int
    pace: str
    vantage: str
    privilege: str
    authorised_by: str
    expires: date | None
    consents: tuple[str, ...]


def look(profile: Profile, targets: Sequence[str]) -> Look:
    """Return what a run would look at today; raise as the run would where it may not."""
    from msptool.audit import court, ports, scope, vantage
    from msptool.audit.probes import table

    today = scope.today(profile.client.zone, clock.now())
    made = scope.plan(profile.scope, today, targets)
    place = vantage.look()
    return Look(
        networks=tuple(map(str, made.networks)),
        addresses=len(made.addresses),
        excluded=made.excluded,
        learn=tuple(map(str, made.learn)),
        ports=len(ports.wanted(profile.audit.extra_ports)),
        udp_ports=len(table.UDP),
        pace=profile.audit.pace,
        vantage=place.name(made.networks),
        privilege=place.privilege,
        authorised_by=profile.scope.authorised_by,
        expires=profile.scope.expires,
        consents=tuple(sorted(court.consents(profile, today))),
    )


def plan(told: Look) -> str:
    """Return the same for people."""
    return "\n".join(
        [
            _("networks    {0}", ", ".join(told.networks)),
            _("addresses   {0}, {1} excluded", told.addresses, told.excluded),
            _("learnt      IPv6 hosts of {0}", ", ".join(told.learn) or _("none")),
            _("ports       {0} TCP, {1} UDP", told.ports, told.udp_ports),
            _("pace        {0}", told.pace),
            _("from        {0}, as {1}", told.vantage, told.privilege),
            _("authorised  {0}, until {1}", visible(told.authorised_by), told.expires),
            _("consents    {0}", ", ".join(told.consents) or _("none")),
        ]
    )


def catalogue(checks: Iterable[Check[Any]]) -> str:
    """Return a table of checks."""
    language = terminal.language()
    rows = [(c.rule.check, c.rule.severity, c.rule.title[language]) for c in checks]
    return base.columns(("CHECK", "SEVERITY", "WHAT"), rows)


def find(name: str, checks: Mapping[str, Check[Any]]) -> Check[Any]:
    """Return a check by its id; raise UsageError with the nearest id."""
    found = checks.get(name.upper())
    if found is None:
        near = nearest(name.upper(), tuple(checks))
        raise UsageError(
            "check.unknown", f"no check {name!r}", nearest=near, hint="msptool audit checks"
        )
    return found


def explain(found: Check[Any]) -> str:
    """Return what a check asks, why and the cure."""
    rule, language = found.rule, terminal.language()
    return "\n".join(
        [
            f"{rule.check}  {rule.title[language]}",
            _("severity   {0}", rule.severity),
            _("finding    {0}", rule.message[language]),
            _("remedy     {0}", rule.remedy[language]),
            _("standards  {0}", ", ".join(rule.standards)),
            _("needs      {0}", ", ".join(found.needs))
            + (_("; consent {0}", found.consent) if found.consent else ""),
        ]
    )


# identify


def identified(found: Iterable["Identified"], *, as_json: bool) -> int:
    """Print what recordings say of their devices; return 3 where one could not be read."""
    unreadable = 0
    rows = []
    for one in found:
        unreadable += bool(one.error)
        if as_json:
            base.say(msgspec.json.encode(one).decode())
        elif one.error:
            base.tell(visible(f"{one.name}: {one.error}"))
        else:
            rows.append((one.name, one.type, f"{one.vendor} {one.model}".strip(), one.version,
                         one.serial))  # fmt: skip
    if rows:
        base.table(("NAME", "TYPE", "MODEL", "VERSION", "SERIAL"), rows)
    return PartDone.exit if unreadable else FINE


def show_hearing(name: str, told: "Sequence[tuple[Said, str]]") -> None:
    """Print what each witness says of a recording; of long answers the beginning."""
    base.say(visible(name))
    rows = [
        (one.field, f"{one.belief:.2f}", one.by, *speech.headings([state]),
         one.value[:_LONGEST].replace("\n", " "))
        for one, state in told
    ]  # fmt: skip
    base.table(("FIELD", "BELIEF", "WITNESS", "STATE", "VALUE"), rows)


# explain


def show_reasons(found: "Explanation") -> None:
    """Print who said what of an asset, and what made its addresses one machine."""
    from msptool.audit.witness import Said

    several = len(found.addresses) > 1

    def by(one: "Claim") -> str:
        return f"{one.by}, {one.address}" if several else one.by

    said = [
        (Said(one.field, one.value, one.belief, by(one)), one.state)  # type: ignore[arg-type]
        for one in found.claims
    ]
    show_hearing(f"{found.name}  {found.id}", said)
    rows = [
        (tie.key[:_LONGEST], speech.told("tie", tie.state), speech.told("tie", tie.why),
         ", ".join(tie.addresses))
        for tie in found.ties
    ]  # fmt: skip
    base.say(_("addresses   {0}", ", ".join(found.addresses)))
    base.table(("IDENTIFIER", "STATE", "WHY", "ADDRESSES"), rows)
