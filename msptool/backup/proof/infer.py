"""What a snapshot without a manifest should hold, as far as it can be known without a false alarm.

Someone made it by hand after the newest sealed one. What the sealed manifest names and the source
still has must be in it: a file that nobody wrote since (same size, mtime, ctime and inode) with
the sealed content, one that was written since with any content. What the source no longer has may
have been deleted before the snapshot; nothing is said of it. What came after the sealed manifest
and before the snapshot (ctime) must be in it too.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from msptool.backup import names
from msptool.backup.manifest import Entry, entry_of
from msptool.backup.patterns import Excludes
from msptool.backup.walk import Seen, walk


def expected(
    sealed: Iterable[Entry], sources: Iterable[str], excludes: Excludes, snapshot_at: datetime
) -> tuple[Entry, ...]:
    """Return the entries that a snapshot of the sources must hold."""
    live = {names.written(seen.name): seen for seen in walk(sources, excludes)}
    before = {entry.path: entry for entry in sealed}
    began_ns = int(snapshot_at.timestamp() * 1e9)
    kept = (_kept(before.get(path), seen, began_ns) for path, seen in sorted(live.items()))
    return tuple(entry for entry in kept if entry is not None)


def _kept(entry: Entry | None, seen: Seen, began_ns: int) -> Entry | None:
    now = entry_of(seen)
    if now.unread:
        return None
    if entry is None:
        return now if seen.kind == "file" and now.ctime_ns < began_ns else None
    if entry.unread or entry.kind != seen.kind:
        return None
    unchanged = entry.stamp == seen.stamp and not entry.moved
    if seen.kind == "link":
        return entry if unchanged else None
    return entry if unchanged or seen.kind != "file" else replace(now, sha256="")
