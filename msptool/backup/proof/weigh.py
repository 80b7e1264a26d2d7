"""From what restic said and what the comparison showed to verdicts on a test restore. Pure.

The comparison outweighs restic: bytes that came back as sealed are well, whatever restic said of
owners or times; bytes that did not are bad, whatever code it ended with. Only where no damage
came to light does an error of restic that we cannot read count as "could not run".
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from msptool.backup import names, words
from msptool.backup.exhibit import Fault
from msptool.backup.proof.compare import Comparison, Difference
from msptool.backup.repository.outcome import Outcome
from msptool.backup.verdicts import Verdict, sort_of

# What a restore as another user, in a user namespace or on another file system cannot set.
_METADATA = re.compile(
    r"\b(?:l?chown|l?chmod|utimesnano|mknod|[a-z]*xattr|operation not permitted)\b", re.IGNORECASE
)

_RIGHTS = re.compile(r"\boperation not permitted\b", re.IGNORECASE)


def of_content(complaints: Mapping[str, str]) -> dict[str, str]:
    """Return the complaints that are not of owners, modes, times or devices."""
    return {item: said for item, said in complaints.items() if not _METADATA.search(said)}


def of_rights(complaints: Mapping[str, str]) -> frozenset[str]:
    """Return the names for which restic lacked rights: only root may make a device."""
    return frozenset(item for item, said in complaints.items() if _RIGHTS.search(said))


def weigh(
    outcome: Outcome,
    complaints: Mapping[str, str],
    compared: Comparison,
    *,
    timed_out: bool,
    whole: bool = True,
) -> tuple[Fault, ...]:
    """Return the faults of a restore; none if all came back. `complaints`: restic's, by path.

    Of a part (not `whole`) nothing may come back of a few files and the rest be well: it is not
    restorable only where restic met a lost structure, or folders did not come back.
    """
    verdict = outcome.verdict
    blind = sort_of(verdict) == "blind"
    if blind and (verdict != "could-not-run" or timed_out):
        return (Fault(verdict, outcome.detail),)
    content = of_content(complaints)
    if verdict != "ok" and complaints and not content and not compared.of("differs", "lost"):
        verdict, blind = "ok", False
    bad = compared.of("differs", "lost", "absent")
    if blind and bad and not compared.same:
        return (Fault(verdict, outcome.detail),)
    broken = compared.of("differs", "lost")
    lost = whole or verdict == "not-restorable"
    if lost and verdict != "ok" and bad and _nothing_back(compared) and (broken or not blind):
        return (_fault("not-restorable", words.NOTHING_BACK, bad),)
    return (*_broken(verdict, outcome, content, compared), *_absent(compared))


def _nothing_back(compared: Comparison) -> bool:
    """Folders alone are nothing: restic makes them before it reads a byte of a file."""
    return not (compared.back if compared.files else compared.same)


def _broken(
    verdict: Verdict, outcome: Outcome, content: Mapping[str, str], compared: Comparison
) -> tuple[Fault, ...]:
    broken = compared.of("differs", "lost")
    if any(difference.kind == "folder" for difference in broken) or _of_folders(content, compared):
        return (_fault("not-restorable", words.FOLDERS_LOST, broken),)
    if broken:
        return (_fault("damaged", words.NOT_AS_SEALED, broken),)
    if sort_of(verdict) == "bad":
        return (Fault("damaged", outcome.detail or words.COMPLAINED, tuple(content), len(content)),)
    return () if verdict == "ok" else (Fault(verdict, outcome.detail),)


def _of_folders(content: Mapping[str, str], compared: Comparison) -> bool:
    """Tell whether restic complained of a folder that something lost lies in: it makes a folder
    before it reads what is in it.
    """
    lost = (PurePosixPath(names.read(d.path)) for d in compared.of("lost"))
    return any(str(above) in content for path in lost for above in path.parents)


def _absent(compared: Comparison) -> tuple[Fault, ...]:
    absent = compared.of("absent")
    return (_fault("absent", words.DROPPED, absent),) if absent else ()


def _fault(verdict: Verdict, detail: str, differences: Sequence[Difference]) -> Fault:
    """Return a fault that names files before folders and counts files: people look for those."""
    ordered = sorted(differences, key=lambda d: (d.kind == "folder", d.path))
    found = sum(d.kind != "folder" for d in ordered)
    return Fault(verdict, detail, tuple(d.path for d in ordered), found or len(ordered))
