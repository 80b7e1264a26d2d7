"""Folders and files: read before restic reads them, and looked at again after it."""

from msptool import clock
from msptool.backup import manifest, names, words
from msptool.backup.meter import Meter
from msptool.backup.patterns import Excludes
from msptool.backup.repository import locks, restic
from msptool.backup.sources import complaints
from msptool.backup.sources.feed import Feed, Lack, Taken, on_status


def take(feed: Feed) -> Taken:
    """Hash what stands in the sources, let restic save it, and look for what moved meanwhile."""
    task, present = feed.task, feed.sources.present
    excludes = Excludes(task.job.exclude)
    walked_at = clock.now()
    meter = Meter(feed.progress, f"hash {task.name}")
    before = manifest.survey(present, excludes, feed.known, meter.add)
    said = restic.backup_argv(task.access, present, task.job.exclude, feed.tags, *feed.limits)
    total_bytes = manifest.files_and_bytes(before.values())[1]
    done, outcome = locks.unlocking(
        task.access,
        feed.gently(said),
        timeout_s=feed.left_s,
        on_line=on_status(feed.meter(total_bytes)),
    )
    unread = complaints.unread(done.stderr)
    outcome = complaints.explained(outcome, unread, before, feed.sources.all)
    entries = manifest.settle(before, present, excludes, unread)
    lacks = _lacks(entries, tuple(names.written(path) for path in present))
    return Taken(outcome, walked_at, done, entries, lacks=lacks)


def _lacks(entries: tuple[manifest.Entry, ...], present: tuple[str, ...]) -> tuple[Lack, ...]:
    unread = tuple(entry.path for entry in entries if entry.unread)
    empty = not any(entry.kind == "file" for entry in entries)
    found = ((words.UNREAD, unread), (words.NO_FILES, present if empty else ()))
    return tuple(Lack("incomplete-source", text, some) for text, some in found if some)
