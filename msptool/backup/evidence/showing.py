"""One proof to look at: a statement of a job's newest chain, and what checks it elsewhere."""

from dataclasses import dataclass
from datetime import UTC, datetime

from msptool.backup.evidence import bundle, chain, check
from msptool.backup.evidence.chain import Head
from msptool.backup.evidence.check import Chain
from msptool.backup.evidence.statement import Statement
from msptool.errors import UsageError
from msptool.workspace import Workspace

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """A statement, where it stands in a chain of `count`, and the raw public key."""

    statement: Statement
    head: Head
    public: bytes
    count: int


def find(workspace: Workspace, job: str, sequence: int | None) -> Shown:
    """Return a statement of a job's chain, the last without a number; raise UsageError.

    Of several chains, the one with the latest proof. One that is not sound is not shown.
    """
    checked = check.verify(bundle.read_workspace(workspace, with_materials=False))
    found = [one for one in checked.chains if one.job == job]
    if not found:
        raise bundle.unknown_job(job, chain.jobs(workspace))
    one = max(found, key=_latest)
    wanted = sequence or one.last
    told = one.sound.get(wanted)
    if told is None:
        raise UsageError(
            "evidence.unsound",
            f"proof {wanted} of {job!r} is not there, or not what was signed",
            hint="msptool backup evidence verify",
        )
    keyid = next(keyid for keyid in checked.keys if keyid.startswith(one.key8))
    head = Head(job, keyid, wanted, one.files[wanted].sha256)
    return Shown(told, head, checked.keys[keyid], len(one.files))


def _latest(one: Chain) -> datetime:
    return max((told.predicate.ended_at for told in one.sound.values()), default=_NEVER)
