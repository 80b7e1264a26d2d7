"""How backups and their proofs read on a terminal."""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msptool import model, terminal
from msptool.backup import trouble, verdicts, words
from msptool.backup.exhibit import Fault
from msptool.backup.proof.compare import BAD, Difference
from msptool.backup.verdicts import Verdict
from msptool.cli import base, speech
from msptool.cli.speech import _
from msptool.errors import FINDINGS, FINE
from msptool.escape import visible
from msptool.model import Report, Thing

if TYPE_CHECKING:  # a backup need not load what proves it
    from msptool.backup.proof.prove import Proof
    from msptool.backup.proof.trial import Tested
    from msptool.backup.proof.verify import Proven
    from msptool.backup.repository.make import Made
    from msptool.backup.status import Standing
    from msptool.profile.load import Loaded

_SHOWN = 20  # differences a job; the evidence has them all


def show_made(made: Sequence["Made"], *, quiet: bool) -> None:
    """Print what `init` made; the place of a new password also when quiet: it must be kept."""
    for each in made:
        state = _("made") if each.created else _("stands already")
        if not quiet:
            base.say(visible(f"{each.name}: {state}, {each.place}"))
        if each.escrow is not None:
            base.say(visible(_("{0}: new password in {1} (0600)", each.name, each.escrow)))
        if quiet and each.escrow is None:
            continue
        for path in each.sheets:
            base.say(visible(_("{0}: recovery sheet {1}", each.name, path)))
        if each.escrow is not None or each.sheets:
            base.say(
                _("Print it, keep it away from this machine: without the password nothing opens.")
            )


def made_lines(made: Iterable["Made"]) -> Iterator[Thing]:
    """Yield repositories as records."""
    for each in made:
        escrow = str(each.escrow) if each.escrow else None
        facts: dict[str, model.Scalar] = {
            "path": each.place,
            "created": each.created,
            "new_password_file": escrow,
            "sheets": ", ".join(map(str, each.sheets)),
        }
        yield Thing(id=f"repo:{each.name}", kind="repository", name=each.name, facts=facts)


def show_run(report: Report) -> None:
    """Print a line a job."""
    for thing, verdict in trouble.tried(report).values():
        if thing.kind != "job":
            continue
        facts = thing.facts
        told = _(", {0} files", facts["files"]) if facts.get("snapshot") else ""
        base.say(visible(f"{thing.name}: {speech.told('verdict', verdict)}{told}"))
        detail = str(facts["detail"])
        base.say(visible(words.russian(detail) if terminal.language() == "ru" else detail))


def show_proven(
    proven: "Proven", loaded: "Loaded", lang: str, *, only: Container[str] | None = None
) -> None:
    """Print each job's verdict, what is wrong file by file, RPO and RTO; repositories after.

    `only` names the things to be told of; None stands for all.
    """
    for proof in proven.proofs:
        if only is None or f"job:{proof.job}" in only:
            base.say("\n".join(_proof(proof, proven, loaded, lang)))
    for name, reading in proven.readings.items():
        fault = reading.fault()
        if fault is not None and (only is None or f"repo:{name}" in only):
            base.say("\n".join(_fault(f"repo {name}", fault, lang)))


def show_checked(proven: "Proven", lang: str) -> None:
    """Print a line a repository, and what is wrong with it."""
    for name, reading in proven.readings.items():
        fault = reading.fault()
        if fault is None:
            base.say(visible(f"{name}: {speech.told('verdict', reading.verdict)}"))
        else:
            base.say("\n".join(_fault(name, fault, lang)))


def code(report: Report) -> int:
    """Return 1 for any verdict but ok; findings alone, such as a slow restore, too. Whether the
    client keeps the password says nothing of the backups that were tested.
    """
    bad = any(verdict != "ok" for __, verdict in trouble.tried(report).values())
    told = [finding for finding in report.findings if finding.check != "BKP-010"]
    return FINDINGS if bad or base.verdict(told, "high") else FINE


def _proof(proof: "Proof", proven: "Proven", loaded: "Loaded", lang: str) -> Iterator[str]:
    job = loaded.profile.backup.jobs[proof.job]
    facts = next(t.facts for t in proven.report.things if t.id == f"job:{proof.job}")
    yield visible(_headline(proof, verdicts.known(str(facts["verdict"])) or proof.verdict, lang))
    why = words.russian(proof.plan.why) if lang == "ru" else proof.plan.why
    yield _("level {0}: {1}", proof.plan.level, why)
    for fault in proof.faults:
        if fault.sort != "bad" or not proof.sealed:
            yield visible(_detail(fault, lang))
    for tested in (proof.sealed, proof.unsealed):
        if tested is proof.unsealed and tested is not None:
            yield _("snapshot {0} is newer and has no sealed manifest", tested.snapshot.id[:8])
        yield from _differences(tested) if tested else ()
    yield from _worthless(proof.sealed, lang) if proof.sealed else ()
    rpo = _age(facts.get("rpo_s"), _("never") if proof.choice else _("unknown"))
    rto = _age(facts.get("rto_s"), _("unknown"))
    limits = f"{job.rpo_h:g}", f"{job.rto_h:g}"
    measured = _("RPO {0} / {1} h  RTO {2} / {3} h", rpo, limits[0], rto, limits[1])
    yield f"{measured}  {_('proof {0}', f'runs/{proven.folder.name}')}"


def _headline(proof: "Proof", verdict: Verdict, lang: str) -> str:
    """`verdict`: with what an earlier proof found and this one did not look at."""
    word = verdicts.TABLE[verdict].words[lang]
    shown = word if verdict == "ok" else word.upper()
    tested = proof.sealed or proof.unsealed
    if tested is None or tested.compared is None:
        return f"{proof.job}: {shown}"
    bad = sum(len(t.compared.of(*BAD)) for t in (proof.sealed, proof.unsealed)
              if t and t.compared)  # fmt: skip
    files = f"{tested.compared.files:,}"
    files = files.replace(",", " ") if lang == "ru" else files
    count = _("{0} of {1} files bad", bad, files) if bad else _("{0} files, none bad", files)
    snapshot = _("snapshot {0}", tested.snapshot.id[:8])
    return f"{proof.job}: {shown}, {count} ({snapshot})"


def _differences(tested: "Tested") -> Iterator[str]:
    if tested.compared is None:
        return
    bad = tested.compared.of(*BAD)
    excludes = next((f.excludes for f in tested.faults if f.verdict == "absent"), ())
    for difference in bad[:_SHOWN]:
        yield visible(_difference(difference, excludes))
    if len(bad) > _SHOWN:
        yield _("… {0} more in the evidence", len(bad) - _SHOWN)


def _worthless(tested: "Tested", lang: str) -> Iterator[str]:
    """Yield what came back as it was and is worth nothing, with the probe's reason."""
    probed = tested.examined.probed if tested.examined else ()
    bad = [one for one in probed if one.verdict == "bad-content"]
    for one in bad[:_SHOWN]:
        why = words.russian(one.detail) if lang == "ru" else one.detail
        yield visible(f"{_('bad'):<8} {one.path}  {why}")
    if len(bad) > _SHOWN:
        yield _("… {0} more in the evidence", len(bad) - _SHOWN)


def _difference(difference: Difference, excludes: tuple[str, ...]) -> str:
    how, why = {
        "differs": (_("differs"), _("from the sealed manifest")),
        "lost": (_("lost"), f"restic: {difference.detail}"),
        "absent": (_("absent"), _why_absent(difference, excludes)),
    }[difference.how]
    return f"{how:<8} {difference.path}  {why}"


def _why_absent(difference: Difference, excludes: tuple[str, ...]) -> str:
    from msptool.backup.names import read
    from msptool.backup.patterns import naming

    pattern = naming(read(difference.path), excludes)
    if not pattern:
        return _("restic was never given it")
    return _("exclude {0} is not in the profile", f'"{pattern}"')


def _fault(name: str, fault: Fault, lang: str) -> Iterator[str]:
    word = verdicts.TABLE[fault.verdict].words[lang].upper()
    yield visible(f"{name}: {word}")
    yield visible(_detail(fault, lang))


def _detail(fault: Fault, lang: str) -> str:
    facts = fault.facts()
    named = f": {facts['names']}" if fault.names else ""
    return f"{facts[f'detail_{lang}']}{named}"


def _age(seconds: model.Scalar, absent: str) -> str:
    return speech.age(seconds) if isinstance(seconds, int | float) else absent


def show_standings(standings: Sequence["Standing"]) -> None:
    """Print the table of jobs: last backup, last proof, both against what was agreed."""

    def age(seconds: float | None) -> str:
        return _("never") if seconds is None else speech.age(seconds)

    rows = [
        (
            standing.name,
            age(standing.backup_age_s),
            age(standing.proven_age_s),
            _("{0}/{1} h", age(standing.backup_age_s), f"{standing.job.rpo_h:g}"),
            _("{0}/{1} h", age(standing.rto_s), f"{standing.job.rto_h:g}"),
            _state(standing.state),
        )
        for standing in standings
    ]
    base.table(("JOB", "BACKUP", "PROVEN", "RPO", "RTO", "STATE"), rows, flexible=0)


def _state(state: str) -> str:
    shown = speech.told("verdict", state)
    return shown if state == "ok" else shown.upper()
