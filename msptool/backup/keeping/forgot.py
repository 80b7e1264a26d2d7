"""What `backup forget` tells: records, rows and the exit code."""

from collections.abc import Iterable, Iterator

from msptool import clock
from msptool.backup import jobs as of_jobs
from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit, Heard, chosen, judged
from msptool.backup.keeping.forget import Forgotten
from msptool.errors import FINDINGS, FINE, ToolFailed
from msptool.model import Line, Scalar, Thing
from msptool.profile.load import Loaded


def code(done: Iterable[Forgotten]) -> int:
    """Return 3 where a job could not be done, 1 where what is due was held back."""
    every = tuple(done)
    if any(each.outcome.verdict != "ok" for each in every):
        return ToolFailed.exit
    return FINDINGS if any(each.plan.held and each.plan.due for each in every) else FINE


def lines(done: Iterable[Forgotten], loaded: Loaded) -> Iterator[Line]:
    """Yield the jobs, their snapshots, and what the guard found, as loose findings.

    They are no run of their own: one would hide what the last backup or proof found of the job.
    """
    every = tuple(done)
    now = clock.now()
    heard = [
        Heard(of_jobs.thing(each.job, _facts(each)), Exhibit(each.job, now, guard=each.guard))
        for each in every
    ]
    client = loaded.profile.client.code
    asked = [h for h, each in zip(heard, every, strict=True) if each.guard is not None]
    checks = [check for check in chosen(CHECKS, "guard", "proof") if "guard" in check.needs]
    said = judged(checks, asked, client=client, now=now)
    told = {finding.check for finding in said.findings}
    yield from (rule for rule in said.rules if rule.check in told)
    for h, each in zip(heard, every, strict=True):
        yield h.thing
        yield from _snapshots(each)
    yield from said.findings


def _facts(each: Forgotten) -> dict[str, Scalar]:
    return {
        "verdict": each.outcome.verdict,
        "detail": each.outcome.detail,
        "snapshots": len(each.plan.lines),
        "due": len(each.plan.due),
        "gone": len(each.gone),
        "stayed": len(each.stayed),
        "held": ",".join(each.plan.held),
    }


def _snapshots(each: Forgotten) -> Iterator[Thing]:
    for line in each.plan.lines:
        facts: dict[str, Scalar] = {
            "job": each.job,
            "made_at": clock.iso(line.at),
            "why": ",".join(line.why),
            "gone": line.snapshot in each.gone,
        }
        name = line.snapshot[:8]
        yield Thing(id=f"snapshot:{line.snapshot}", kind="snapshot", name=name, facts=facts)


def rows(each: Forgotten) -> Iterator[tuple[str, ...]]:
    """Yield a row a snapshot, newest first: id, time, "stays", "due" or "gone", and why."""
    for line in each.plan.lines:
        state = "stays" if line.why else "gone" if line.snapshot in each.gone else "due"
        yield line.snapshot[:8], clock.iso(line.at), state, ", ".join(line.why)
