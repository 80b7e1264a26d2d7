"""What a check of this room is asked about: a job or a repository, and what was learnt of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msptool import judge, runs
from msptool.backup import words
from msptool.backup.keeping.append_only import Trial
from msptool.backup.keeping.guard import Guard
from msptool.backup.keeping.ledger import Noticed, Suspect
from msptool.backup.verdicts import TABLE, Sort, Verdict, worst
from msptool.judge import Case, Check
from msptool.model import Scalar, Thing

_NAMED = 8  # how many names a finding spells out; evidence has them all


@dataclass(frozen=True)
class Fault:
    """A verdict other than ok, with what words it.

    `detail` is a sentence of words.RUSSIAN, or one of restic's. `count`: how many files; `names`
    are in the written form. `excludes`: those of the snapshot that the profile does not name, and
    that dropped some of them. `good`: by name, the newest snapshot that has it well.
    """

    verdict: Verdict
    detail: str = ""
    names: tuple[str, ...] = ()
    count: int = 0
    excludes: tuple[str, ...] = ()
    good: Mapping[str, str] = field(default_factory=dict)

    @property
    def sort(self) -> Sort:
        """What the verdict says of the data."""
        return TABLE[self.verdict].sort

    def facts(self) -> dict[str, Scalar]:
        """Return what a finding tells of it, in every language.

        A message is made of the verdict and of clauses that bring their own punctuation, so that
        one that says nothing is not there.
        """
        said = TABLE[self.verdict].words
        more = f" (+{len(self.names) - _NAMED})" if len(self.names) > _NAMED else ""
        named = ", ".join(self.names[:_NAMED]) + more
        excludes = ", ".join(self.excludes)
        good = ", ".join(f"{n} {self.good[n][:8]}" for n in self.names[:_NAMED] if n in self.good)
        return {
            "verdict": self.verdict,
            "verdict_en": said["en"],
            "verdict_ru": said["ru"],
            "detail_en": self.detail,
            "detail_ru": words.russian(self.detail),
            "names": named,
            "count": self.count,
            "excludes": excludes,
            "told_en": _clause(" — ", self.detail),
            "told_ru": _clause(" — ", words.russian(self.detail)),
            "counted_en": f"; {self.count} affected" if self.count else "",
            "counted_ru": f"; затронуто: {self.count}" if self.count else "",
            "named": _clause(": ", named),
            "good_en": _clause(". Last good copies, by snapshot: ", good),
            "good_ru": _clause(". Последние целые копии, по снимкам: ", good),
            "excluded_en": _clause(". Excludes that the profile does not name: ", excludes),
            "excluded_ru": _clause(". Исключения, которых нет в профиле: ", excludes),
        }


def _clause(head: str, text: str) -> str:
    return head + text.rstrip(".") if text else ""


@dataclass(frozen=True)
class Exhibit:
    """A job (or, without the hours, a repository) after a backup or a proof.

    `newest_at`: when the newest snapshot with a sealed manifest was made. `rto_s`: how long its
    test restore took. `unsealed`: a newer snapshot without a manifest, if there is one.
    `part`: of a repository's packs, which were read (`n/t`). `partial`: an earlier proof found it
    bad, and this one did not look at all of it. `noticed`: of its snapshots, held against the
    ledger. `guard`: of a job, what may be deleted. `trial`: whether a repository that claims to be
    append-only is. `unseen`: what no meaning probe could look at; None where none was asked.
    `escrow`: how the last drill with the client's copy of the password ended.
    """

    name: str
    now: datetime
    rpo_h: float = 0
    rto_h: float = 0
    newest_at: datetime | None = None
    snapshot: str = ""
    files: int = 0
    rto_s: float | None = None
    unsealed: str = ""
    part: str = ""
    partial: bool = False
    faults: tuple[Fault, ...] = ()
    evidence: tuple[str, ...] = ()
    noticed: Noticed = Noticed()
    guard: Guard | None = None
    trial: Trial | None = None
    unseen: tuple[Fault, ...] | None = None
    escrow: Verdict | None = None

    @property
    def age_s(self) -> float | None:
        """The age of the newest backup; None if there is none."""
        if self.newest_at is None:
            return None
        return max(0.0, (self.now - self.newest_at).total_seconds())

    @property
    def stale(self) -> bool:
        """Whether the newest backup is older than agreed, or there is none."""
        return self.age_s is None or self.age_s > self.rpo_h * 3600

    @property
    def verdict(self) -> Verdict:
        """The gravest of the faults; "ok" without one."""
        return worst(fault.verdict for fault in self.faults)

    def of(self, *sorts: Sort) -> tuple[Fault, ...]:
        """Return the faults of some sorts."""
        return tuple(fault for fault in self.faults if fault.sort in sorts)

    def suspected(self, some: Sequence[Suspect]) -> dict[str, Scalar]:
        """Return what a finding tells of snapshots that the ledger does not vouch for."""
        named = ", ".join(suspect.id[:8] for suspect in some[:_NAMED])
        return {"name": self.name, "count": len(some), "snapshots": named}


@dataclass(frozen=True)
class Heard:
    """A thing, what is known of it, and which needs of checks could not be met and why."""

    thing: Thing
    exhibit: Exhibit
    lacks: Mapping[str, str] = field(default_factory=dict)


def chosen(checks: Iterable[Check[Exhibit]], *sources: str) -> list[Check[Exhibit]]:
    """Return the checks that a run can try: those that need nothing but its sources.

    A backup has ("run", "snapshots"), a proof ("proof", "test", "snapshots").
    """
    return [check for check in checks if set(check.needs) <= set(sources)]


def judged(
    checks: Iterable[Check[Exhibit]], heard: Iterable[Heard], *, client: str, now: datetime
) -> judge.Verdict:
    """Try the checks on what was learnt."""
    cases = [Case(h.thing, h.exhibit, h.lacks, runs.ANYWHERE) for h in heard]
    return judge.judge(checks, cases, client=client, seen_at=now)
