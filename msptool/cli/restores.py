"""How snapshots, their contents and a restore read on a terminal, and as records."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msptool import clock, terminal
from msptool.backup import manifest, words
from msptool.backup.manifest import Entry
from msptool.backup.meter import size
from msptool.backup.proof.compare import BAD, Difference
from msptool.backup.restore import listing, wanting
from msptool.backup.restore.browsing import Folder
from msptool.backup.restore.contents import Child, Version
from msptool.backup.restore.listing import Listed
from msptool.backup.restore.putback import Tally
from msptool.backup.restore.restoring import DAMAGED, Restored
from msptool.backup.restore.wanting import Meant, Wish
from msptool.cli import base, speech
from msptool.cli.speech import _
from msptool.errors import PartDone
from msptool.escape import visible
from msptool.model import Scalar, Thing

_SHOWN = 20


def _when(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _count(number: int | None) -> str:
    return "?" if number is None else str(number)


# list


def show_snapshots(shown: Mapping[str, Sequence[Listed]], zone: str, now: datetime) -> None:
    """Print a table of the snapshots of some jobs, newest first."""
    rows = [
        (
            each.snapshot.id[:8],
            job,
            _when(each.snapshot.time, zone),
            speech.age((now - each.snapshot.time).total_seconds()),
            _count(each.files),
            "?" if each.bytes is None else size(each.bytes),
            _sealed(each),
            _tested(each, now),
        )
        for job, all_ in shown.items()
        for each in reversed(all_)
    ]
    headers = ("SNAPSHOT", "JOB", "TIME", "AGE", "FILES", "SIZE", "SEALED", "PROVEN")
    base.table(headers, rows, flexible=1)


def _sealed(listed: Listed) -> str:
    if listed.seal is None:
        return _("no")
    return _("yes") if listed.seal.complete else _("in part")


def _tested(listed: Listed, now: datetime) -> str:
    """Return when a snapshot was last proven; its verdict in capitals where it was not."""
    if listed.verdict is None:
        return _("never")
    if not listed.proven:
        return speech.told("verdict", listed.verdict).upper()
    ago = now - datetime.fromisoformat(listed.tested_at)
    return _("{0} ago", speech.age(ago.total_seconds()))


# browse


def show_folder(opened: Folder, listed: Listed, zone: str, *, as_json: bool) -> None:
    """Print what lies in a folder of a snapshot."""
    if as_json:
        base.emit(_child(child, listed, sealed=opened.sealed) for child in opened.children)
        base.end(as_json)
        return
    when = _when(listed.snapshot.time, zone)
    base.tell(visible(_("{0} in snapshot {1} of {2}", opened.path, listed.snapshot.id[:8], when)))
    if not opened.sealed:
        base.tell(_("there is no sealed manifest: restic tells what is in it"))
    rows = [
        (
            child.name + ("/" if child.kind == "folder" else ""),
            size(child.bytes),
            str(child.files) if child.kind == "folder" else "",
            _modified(child.entry, zone),
        )
        for child in opened.children
    ]
    base.table(("NAME", "SIZE", "FILES", "MODIFIED"), rows, flexible=0)


def _modified(entry: Entry | None, zone: str) -> str:
    return (
        _when(datetime.fromtimestamp(entry.mtime_ns / 1e9, ZoneInfo(zone)), zone) if entry else ""
    )


def _child(child: Child, listed: Listed, *, sealed: bool) -> Thing:
    entry = child.entry
    facts: dict[str, Scalar] = {
        "snapshot": listed.snapshot.id,
        "path": child.path,
        "kind": child.kind,
        "bytes": child.bytes,
        "files": child.files,
        "mtime_ns": entry.mtime_ns if entry else None,
        "sha256": entry.sha256 if entry else "",
        "sealed": sealed,
    }
    return Thing(id=f"file:{child.path}", kind="file", name=child.name, facts=facts)


def show_versions(found: Sequence[Version], zone: str, *, as_json: bool) -> None:
    """Print the states of files through the snapshots: when each was seen first and last."""
    if as_json:
        base.emit(_version(version) for version in found)
        base.end(as_json)
        return
    rows = [
        (
            version.entry.path,
            size(version.entry.size_bytes),
            _modified(version.entry, zone),
            _when(version.first.snapshot.time, zone),
            _when(version.last.snapshot.time, zone),
            version.last.snapshot.id[:8],
        )
        for version in found
    ]
    base.table(("PATH", "SIZE", "MODIFIED", "FIRST", "LAST", "SNAPSHOT"), rows, flexible=0)


def _version(version: Version) -> Thing:
    entry, first, last = version.entry, version.first.snapshot, version.last.snapshot
    facts: dict[str, Scalar] = {
        "path": entry.path,
        "bytes": entry.size_bytes,
        "mtime_ns": entry.mtime_ns,
        "sha256": entry.sha256,
        "first_snapshot": first.id,
        "first_at": first.time.isoformat(),
        "last_snapshot": last.id,
        "last_at": last.time.isoformat(),
    }
    return Thing(id=f"file:{entry.path}", kind="file", name=entry.path, facts=facts)


# restore


def tell_chosen(chosen: Listed, listed: Sequence[Listed], job: str, zone: str) -> None:
    """Say which snapshot it is and how far it can be trusted, before anything is written."""
    now = clock.now()
    when = _when(chosen.snapshot.time, zone)
    ago = speech.age((now - chosen.snapshot.time).total_seconds())
    base.tell(
        visible(_("{0}: snapshot {1} of {2}, {3} old", job, chosen.snapshot.id[:8], when, ago))
    )
    for line in _trust(chosen, now):
        base.tell(line)
    other = listing.better(listed, chosen)
    if other is not None:
        told = other.snapshot.id[:8], _when(other.snapshot.time, zone)
        base.tell(_("the newest proven one: --snapshot {0} (of {1})", *told))


def _trust(chosen: Listed, now: datetime) -> Iterator[str]:
    if chosen.seal is None:
        yield _("it has no sealed manifest: what comes back can be held against nothing")
    elif not chosen.seal.complete:
        yield _("it was made of an incomplete source")
    if chosen.verdict is None:
        yield _("its restore was never tested")
    elif chosen.proven:
        level = f" ({chosen.level})" if chosen.level else ""
        yield _("its restore was proven {0}", _tested(chosen, now)) + level
    else:
        yield _("its last test said: {0}", speech.told("verdict", chosen.verdict).upper())


def show_preview(wish: Wish, meant: Sequence[Meant], *, as_json: bool) -> None:
    """Print what a restore would write."""
    if as_json:
        base.emit(_meant(each) for each in meant)
        base.end(as_json)
        return
    files, count = wish.files_and_bytes
    base.say(_("would restore: {0} files, {1}", files, size(count)))
    states = {"new": 0, "same": 0, "differs": 0}
    for each in meant:
        states[each.state] += 1
    told = states["new"], states["differs"], states["same"]
    base.say(
        _("not there now: {0}; would be replaced and kept beside: {1}; right already: {2}", *told)
    )
    changed = [each for each in meant if each.state == "differs"] or list(meant)
    for each in changed[:_SHOWN]:
        base.say(
            visible(f"{_state(each.state):<8} {each.entry.path}  {size(each.entry.size_bytes)}")
        )
    if len(changed) > _SHOWN:
        base.say(_("… {0} more: --json has them all", len(changed) - _SHOWN))


def _state(state: wanting.State) -> str:
    return {"new": _("new"), "same": _("same"), "differs": _("differs")}[state]


def _meant(each: Meant) -> Thing:
    facts: dict[str, Scalar] = {
        "state": each.state,
        "kind": each.entry.kind,
        "bytes": each.entry.size_bytes,
    }
    return Thing(id=f"file:{each.entry.path}", kind="file", name=each.entry.path, facts=facts)


def tell_stopped(tally: Tally) -> None:
    """Say what a restore that was stopped had done."""
    if tally.placed or tally.replaced:
        base.tell(_("stopped; in place so far: {0}, replaced: {1}", tally.placed, tally.replaced))
        base.tell(_("run the same command again: what is right already is left alone"))
    for line in _kept(tally):
        base.tell(line)


def _kept(tally: Tally) -> Iterator[str]:
    for folder in tally.kept:
        yield visible(_("what was replaced is kept in {0}", folder))
        kept = shlex.quote(str(folder))
        undo = f"tar -C {kept} -cf - . | tar -C / -xpf - --no-overwrite-dir"
        yield visible(_("to undo: {0}", undo))


def show_restored(
    wish: Wish, target: Path | None, done: Sequence[Restored], tally: Tally, *, as_json: bool
) -> int:
    """Print what came back; return the exit code, or raise PartDone where something did not."""
    bad = [d for each in done for d in each.compared.of(*BAD)]
    back = sum(each.compared.back for each in done)
    files, count = wish.files_and_bytes
    if as_json:
        base.emit(_records(wish, target, bad, back, tally))
        base.end(as_json)
    else:
        where = str(target) if target else _("its place")
        base.say(
            visible(_("{0} of {1} files restored ({2}) to {3}", back, files, size(count), where))
        )
        for line in _lines(wish, target, bad, tally):
            base.say(line)
    wrong = len(bad) + len(tally.refused)
    if not wrong and not any(each.faults for each in done):
        return 0
    error = PartDone(
        "restore.part",
        f"{wrong} names did not come back as they were; the rest is restored",
        hint="look for an older copy: msptool backup browse JOB --find NAME",
    )
    return base.part_done(error, as_json=as_json)


def _lines(
    wish: Wish, target: Path | None, bad: Sequence[Difference], tally: Tally
) -> Iterator[str]:
    if not wish.sealed:
        yield _("nothing was compared but names: there is no sealed manifest")
    for each in bad[:_SHOWN]:
        yield visible(f"{_how(each):<8} {each.path}  {_detail(each.detail)}".rstrip())
    if len(bad) > _SHOWN:
        yield _("… {0} more: --json has them all", len(bad) - _SHOWN)
    if target and any(each.how == "differs" for each in bad):
        yield _("what came back otherwise is named *{0}", DAMAGED)
    for path, why in tally.refused[:_SHOWN]:
        yield visible(_("not put in place: {0}: {1}", path, speech.told("progress", why)))
    if tally.same:
        yield _("left alone, as they were right already: {0}", tally.same)
    yield from _kept(tally)
    for line in wanting.next_words(wish, target) if target else ():
        yield visible(_("Next: {0}", line))


def _how(difference: Difference) -> str:
    return {"differs": _("differs"), "lost": _("lost"), "absent": _("absent")}[difference.how]


def _detail(text: str) -> str:
    return words.russian(text) if terminal.language() == "ru" else text


def _records(
    wish: Wish, target: Path | None, bad: Sequence[Difference], back: int, tally: Tally
) -> Iterator[Thing]:
    files, count = manifest.files_and_bytes(wish.entries)
    facts: dict[str, Scalar] = {
        "snapshot": wish.listed.snapshot.id,
        "sealed": wish.sealed,
        "target": str(target) if target else None,
        "files": files,
        "bytes": count,
        "back": back,
        "bad": len(bad),
        "replaced": tally.replaced,
        "same": tally.same,
        "refused": len(tally.refused),
        "kept": ", ".join(map(str, tally.kept)),
    }
    yield Thing(id=f"job:{wish.task.name}", kind="job", name=wish.task.name, facts=facts)
    for each in bad:
        told: dict[str, Scalar] = {"how": each.how, "detail": each.detail}
        yield Thing(id=f"file:{each.path}", kind="file", name=each.path, facts=told)
    for path, why in tally.refused:
        yield Thing(
            id=f"file:{path}", kind="file", name=path, facts={"how": "refused", "detail": why}
        )
