"""Whether a run as a whole failed: one error for the boundary, made from its report."""

from collections.abc import Mapping

from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.repositories import failure
from msptool.backup.verdicts import TABLE, Verdict, known, sort_of
from msptool.errors import DiskError, MsptoolError, PartDone
from msptool.model import Report, Thing
from msptool.profile.load import Loaded


def tried(report: Report) -> Mapping[str, tuple[Thing, Verdict]]:
    """Return the things that were tried in a run and their verdicts, by id."""
    asked = {attempt.thing for attempt in report.attempts}
    told = {t.id: (t, known(str(t.facts.get("verdict", "")))) for t in report.things}
    return {
        ident: (thing, verdict)
        for ident, (thing, verdict) in told.items()
        if ident in asked and verdict is not None
    }


def of(report: Report, loaded: Loaded) -> MsptoolError | None:
    """Return the error of a run in which a job could not be done; None if all were.

    A backup of an incomplete source is done in part. A proof that found damage is a proof: its
    findings say so, with exit code 1.
    """
    failed = [(thing, v) for thing, v in tried(report).values() if _failed(report, v)]
    failed.sort(key=lambda pair: (pair[0].kind != "job", pair[1] != "disk-full"))
    if not failed:
        return None
    return _error(*failed[0], loaded, more=len({t.name for t, _ in failed if t.kind == "job"}) - 1)


def _failed(report: Report, verdict: Verdict) -> bool:
    blind = sort_of(verdict) == "blind"
    return blind or (report.header.kind == "backup" and verdict != "ok")


def _error(thing: Thing, verdict: Verdict, loaded: Loaded, *, more: int) -> MsptoolError:
    """Return the first failure as the error of the whole run; how many others failed too."""
    name = str(thing.facts.get("repository", thing.name))
    detail, code = str(thing.facts.get("detail", "")), str(thing.facts.get("code", ""))
    also = f" (and {more} more failed)" if more > 0 else ""
    if verdict in ("wrong-password", "repository-missing", "storage-unreachable", "locked"):
        repository = loaded.profile.backup.repositories[name]
        error = failure(name, repository, Outcome(verdict, detail))
        return _with(error, f"{error.message}{also}", error.hint)
    what = f"{thing.name}: {detail or verdict}{also}"
    if verdict == "disk-full":
        return DiskError(
            "disk.full", what, hint="free some space or name another place, then run it again"
        )
    hint = (
        f"backup.repositories.{name}.password in client.yaml"
        if code.startswith("secret.")
        else "the other jobs are done and kept; msptool backup status"
    )
    return PartDone(code or TABLE[verdict].code, what, hint=hint)


def _with(error: MsptoolError, message: str, hint: str) -> MsptoolError:
    return type(error)(error.code, message, hint=f"{hint}; the other jobs went on")
