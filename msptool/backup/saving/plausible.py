"""What a backup came to beside the one before it, and beside what its job expects."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from msptool.backup import words
from msptool.backup.manifest import Entry
from msptool.backup.sources.feed import Lack
from msptool.profile.shape import Expect


@dataclass(frozen=True)
class Change:
    """Files that are new or of other content than before, those that are gone, and how many
    there were before.
    """

    changed: int
    gone: int
    before: int

    @property
    def percent(self) -> float:
        """The larger share, of what there was before."""
        return 100 * max(self.changed, self.gone) / max(1, self.before)


def change(entries: Collection[Entry], last: Mapping[str, Entry]) -> Change:
    """Return what changed since the last seal; what could not be read did not."""
    now = [entry for entry in entries if entry.kind == "file"]
    before = {path for path, entry in last.items() if entry.kind == "file"}
    changed = sum(_differs(entry, last.get(entry.path)) for entry in now)
    return Change(changed, len(before.difference(entry.path for entry in now)), len(before))


def _differs(entry: Entry, last: Entry | None) -> bool:
    if last is None or last.kind != "file":
        return True
    return not entry.unread and entry.sha256 != last.sha256


def stable_files(entries: Iterable[Entry]) -> int:
    """Return how many files stood there the whole time and could be read: restic met each."""
    return sum(
        entry.kind == "file" and not entry.unread and (not entry.moved or entry.stood)
        for entry in entries
    )


def lacks(expect: Expect, files: int, size_bytes: int, change: Change | None) -> Iterator[Lack]:
    """Yield what a job's backup is not as it expects."""
    bounds = (
        (words.TOO_FEW, "files", files, expect.min_files, None),
        (words.TOO_FEW, "bytes", size_bytes, expect.min_bytes, None),
        (words.TOO_MANY, "files", files, None, expect.max_files),
        (words.TOO_MANY, "bytes", size_bytes, None, expect.max_bytes),
    )
    for text, what, found, least, most in bounds:
        if (least is not None and found < least) or (most is not None and found > most):
            bound = f">= {least}" if least is not None else f"<= {most}"
            yield Lack("incomplete-source", text, (f"{found} {what} ({bound})",))
    limit = expect.change_percent
    if limit is not None and change is not None and change.before and change.percent > limit:
        named = f"{change.percent:.0f} % (<= {limit:g} %)"
        yield Lack("incomplete-source", words.CHANGED, (named,))
