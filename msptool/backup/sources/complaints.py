"""What restic complained of while it backed up: the source, a file in passing, or its own past.

It looks into the tree of the parent snapshot for each folder; where that is damaged, 0.14
complains of the folder and says no more. So a complaint of a folder that we can list, or of one
at or above the sources, is damage of an earlier snapshot and not of the source.
"""

import os
from collections.abc import Collection

from msptool.backup import names, words
from msptool.backup.manifest import Entries
from msptool.backup.patterns import Excludes
from msptool.backup.repository import answers
from msptool.backup.repository.outcome import Outcome
from msptool.backup.walk import walk


def unread(stderr: bytes) -> frozenset[str]:
    """Return the written forms of what restic could not read."""
    return frozenset(names.written(name) for name in answers.parse_problems(stderr))


def explained(
    outcome: Outcome, paths: Collection[str], before: Entries, sources: Collection[str]
) -> Outcome:
    """Return how a backup ended, once it is known what its complaints were of.

    What neither stood when we looked first nor stands now came and went meanwhile: a snapshot
    need not have it.
    """
    if any(_misread(path, before, sources) for path in paths):
        return Outcome("damaged", words.EARLIER_DAMAGED)
    passing = [path for path in paths if path not in before and not _stands(path)]
    if outcome.verdict == "incomplete-source" and paths and len(passing) == len(paths):
        return Outcome("ok")
    return outcome


def _misread(path: str, before: Entries, sources: Collection[str]) -> bool:
    entry = before.get(path)
    if entry is not None:
        return entry.kind == "folder" and not entry.unread
    name = names.read(path)
    if any(f"{source}/".startswith(f"{name.rstrip('/')}/") for source in sources):
        return True
    seen = next(walk([name], Excludes(())), None)
    return seen is not None and seen.kind == "folder" and not seen.blind


def _stands(path: str) -> bool:
    """Tell whether anything may stand at a path: only a plain no is one."""
    if "\ufffd" in path:  # spoilt by restic: we do not know which name it was
        return True
    try:
        os.lstat(names.raw(names.read(path)))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
