"""The restored tree against the sealed manifest: what is the same, what differs, what is gone.

Content, kind, size and a link's target are compared, following nothing. Times, owners and modes
are restored by restic, but not judged: a restore as another user may not set them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from msptool.backup import names
from msptool.backup.manifest import Entry
from msptool.backup.patterns import Excludes
from msptool.backup.walk import Seen, digest, walk

# same · moved: it changed while it was backed up, and came back in neither state, or it came or
# went meanwhile and is not there · differs · lost: not there, and restic said that it could not
# restore it · absent: not there, without a word
How: TypeAlias = Literal["same", "moved", "differs", "lost", "absent"]
BAD: tuple[How, ...] = ("differs", "lost", "absent")


@dataclass(frozen=True)
class Difference:
    """A name (written form) that did not come back as it was."""

    path: str
    how: How
    detail: str = ""
    kind: str = "file"


@dataclass(frozen=True)
class Comparison:
    """The outcome for a whole tree. `files` and `bytes` are what was looked at; `back`: the files
    of these that are the same, or that stood all along and moved.
    """

    differences: tuple[Difference, ...]
    same: int
    moved: int
    unread: int
    extra: int
    files: int
    bytes: int
    back: int

    def of(self, *hows: How) -> tuple[Difference, ...]:
        """Return the differences of some sorts."""
        return tuple(d for d in self.differences if d.how in hows)


def compare(
    entries: Iterable[Entry],
    target: Path,
    sources: Iterable[str],
    complaints: Mapping[str, str],
    on_bytes: Callable[[int], None],
    *,
    within: Iterable[Entry] | None = None,
    refused: Collection[str] = (),
) -> Comparison:
    """Compare what was restored below `target` with the manifest of what should be there.

    `complaints` are restic's own words by path. What the source could not be read of (`unread`)
    is expected nowhere, nor is a device that nobody let restic make (`refused`: the names for
    which it lacked rights). `extra` counts what only the restored tree has: files that came and
    went between our two looks at the source. `within`: the entries that were asked for, if not all.
    """
    known = list(entries)
    asked = known if within is None else list(within)
    expected = [entry for entry in asked if not entry.unread and not _unmade(entry, refused)]
    below = [f"{target}{source}" for source in sources]
    cut = len(str(target))
    there = {seen.name[cut:]: seen for seen in walk(below, Excludes(()))}
    found = [_compared(entry, there, complaints, on_bytes) for entry in expected]
    return judged(expected, found, unread=len(asked) - len(expected), extra=_extra(known, there))


def judged(
    expected: Sequence[Entry], found: Sequence[Difference], *, unread: int, extra: int
) -> Comparison:
    """Return what the outcomes of some entries come to."""
    return Comparison(
        differences=tuple(d for d in found if d.how != "same"),
        same=sum(d.how == "same" for d in found),
        moved=sum(d.how == "moved" for d in found),
        unread=unread,
        extra=extra,
        files=sum(entry.kind == "file" for entry in expected),
        bytes=sum(entry.size_bytes for entry in expected if entry.kind == "file"),
        back=sum(_is_back(e, d) for e, d in zip(expected, found, strict=True)),
    )


def _unmade(entry: Entry, refused: Collection[str]) -> bool:
    return entry.kind == "other" and names.read(entry.path) in refused


def _extra(known: Iterable[Entry], there: Collection[str]) -> int:
    return len(set(there).difference(names.read(entry.path) for entry in known))


def _compared(
    entry: Entry,
    there: Mapping[str, Seen],
    complaints: Mapping[str, str],
    on_bytes: Callable[[int], None],
) -> Difference:
    seen = there.get(names.read(entry.path))
    return outcome_of(entry, seen, _wrong(entry, seen, on_bytes), complaints)


def outcome_of(
    entry: Entry,
    seen: Seen | None,
    wrong: tuple[How, str] | None,
    complaints: Mapping[str, str],
) -> Difference:
    """Return the outcome of an entry from what is wrong with it and what restic said."""
    if wrong is None:
        return Difference(entry.path, "same", kind=entry.kind)
    if _excused(entry, seen):
        return Difference(entry.path, "moved", kind=entry.kind)
    how, detail = wrong
    said = _complaint(names.read(entry.path), complaints)
    if said:
        how, detail = ("lost" if how == "absent" else how), said
    return Difference(entry.path, how, detail, entry.kind)


def _is_back(entry: Entry, found: Difference) -> bool:
    whole = found.how == "same" or (found.how == "moved" and entry.stood)
    return entry.kind == "file" and whole


def _excused(entry: Entry, seen: Seen | None) -> bool:
    """Tell whether what moved may be as it is: in any state, but gone only if it came or went."""
    gone = seen is None or seen.kind != entry.kind
    return entry.moved and not (entry.stood and gone)


def _wrong(
    entry: Entry, seen: Seen | None, on_bytes: Callable[[int], None]
) -> tuple[How, str] | None:
    """Return what is wrong with a restored name; None if nothing is."""
    wrong = wrong_kind(entry, seen)
    if wrong or seen is None or not needs_hash(entry, seen):
        return wrong
    hashed = digest(seen.name, on_bytes)
    if hashed is None:
        return "differs", "the restored file cannot be read"
    return wrong_content(entry, hashed[0])


def wrong_kind(entry: Entry, seen: Seen | None) -> tuple[How, str] | None:
    """Return what is wrong with a name before any content is read."""
    if seen is None:
        return "absent", ""
    if seen.kind != entry.kind:
        return "differs", f"was a {entry.kind}, came back as a {seen.kind}"
    if entry.kind == "link" and names.written(seen.target) not in _targets(entry):
        return "differs", "the link leads elsewhere"
    if needs_hash(entry, seen) and not entry.moved and seen.size_bytes != entry.size_bytes:
        return "differs", f"{seen.size_bytes} bytes instead of {entry.size_bytes}"
    return None


def needs_hash(entry: Entry, seen: Seen) -> bool:
    """Tell whether more is known of an entry than that it must be there."""
    return seen.kind == "file" and bool(entry.sha256 or entry.sha256_after)


def wrong_content(entry: Entry, sha256: str) -> tuple[How, str] | None:
    """Return what is wrong with the content of a file."""
    same = sha256 in (entry.sha256, entry.sha256_after)
    return None if same else ("differs", "its content is not what was sealed")


def _targets(entry: Entry) -> tuple[str, ...]:
    return (entry.target, entry.target_after) if entry.target_after else (entry.target,)


def _complaint(name: str, complaints: Mapping[str, str]) -> str:
    """Return what restic said of a path or of a folder that it lies in.

    Newer versions spoil names that are no UTF-8 when they tell them.
    """
    at = name
    while complaints:
        for form in (at, names.raw(at).decode(errors="replace")):
            if form in complaints:
                return complaints[form]
        if at in ("", "/"):
            break
        at = at.rpartition("/")[0] or "/"
    return ""
