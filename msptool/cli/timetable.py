"""How schedules read: what the profile wants, what is installed, the next and the last run."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from msptool import clock, runs
from msptool.cli import speech
from msptool.cli.speech import _
from msptool.errors import UsageError
from msptool.model import End, Instant, Kind
from msptool.profile.load import Loaded
from msptool.schedule import doors, plan
from msptool.schedule.plan import Entry, Task
from msptool.schedule.systemd import Unit
from msptool.workspace import Workspace

HEADERS = ("STEP", "WHEN", "DOOR", "NEXT", "LAST", "STATE")
# Which runs tell that a step was done. A monitor pass has a timer of its own, often.
_LEAVES: dict[str, tuple[Kind, ...]] = {
    "run": ("audit", "backup", "restore"),
    "audit": ("audit",),
    "backup": ("backup",),
    "verify": ("restore",),
    "monitor": ("monitor",),
}


class Row(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="timer"):
    """One step through one door; `door` is "" where it is not installed.

    States: ok, inactive (the manager does not run the timer), missing (not installed), changed
    (installed otherwise than the profile says), extra (no longer in the profile).
    """

    step: str
    calendar: str
    door: str
    state: str
    next_at: Instant | None = None
    last_at: Instant | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="change"):
    """A unit or crontab that was installed or removed."""

    how: str
    name: str


class Draft(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="draft"):
    """A unit or crontab block as it would be written."""

    name: str
    text: str


def rows(workspace: Workspace, loaded: Loaded, now: datetime) -> list[Row]:
    """Return what is wanted and what is installed, step by step."""
    wanted = {task.step: task for task in plan.tasks(loaded)}
    client = loaded.profile.client.code
    entries = [entry for door in doors.every() for entry in door.entries(client)]
    found = [_installed(workspace, entry, wanted.get(entry.step), now) for entry in entries]
    there = {entry.step for entry in entries}
    return [*found, *(_missing(workspace, wanted[step]) for step in wanted if step not in there)]


def _installed(workspace: Workspace, entry: Entry, task: Task | None, now: datetime) -> Row:
    when = entry.calendar
    return Row(
        step=entry.step,
        calendar=str(when) if when else "?",
        door=entry.door,
        state=_state(entry, task),
        next_at=when.next_after(now) if when and entry.active is not False else None,
        last_at=_last(workspace, entry.step),
    )


def _state(entry: Entry, task: Task | None) -> str:
    if task is None:
        return "extra"
    if entry.calendar != task.calendar:
        return "changed"
    return "inactive" if entry.active is False else "ok"


def _missing(workspace: Workspace, task: Task) -> Row:
    last = _last(workspace, task.step)
    return Row(step=task.step, calendar=str(task.calendar), door="", state="missing", last_at=last)


def _last(workspace: Workspace, step: str) -> datetime | None:
    """Return when the newest complete run of a step ended; None if there was none."""
    return max(_ends(workspace, _LEAVES.get(step, ())), default=None)


def _ends(workspace: Workspace, kinds: Sequence[Kind]) -> Iterator[datetime]:
    for kind in kinds:
        try:
            folder = runs.newest(workspace, kind)
        except UsageError:  # a run that cannot be read is no run that ended
            continue
        if folder is not None:
            yield runs.load_manifest(folder).end.ended_at


def print_as_json(records: Sequence[Row | Change | Draft]) -> str:
    """Return JSON Lines that end in `end`."""
    end = End(ended_at=clock.now(), complete=True)
    return "\n".join(msgspec.json.encode(record).decode() for record in [*records, end])


def cells(row: Row, now: datetime) -> tuple[str, ...]:
    """Return a row for people: ages and what to do about the state."""
    cure = {"missing": "schedule install", "changed": "schedule install",
            "inactive": "schedule install", "extra": "schedule remove"}  # fmt: skip
    state = speech.told("timer", row.state)
    state = f"{state}: msptool {cure[row.state]}" if row.state in cure else state
    following, last = "-", _("never")
    if row.next_at:
        following = _("in {0}", speech.age((row.next_at - now).total_seconds()))
    if row.last_at:
        last = _("{0} ago", speech.age((now - row.last_at).total_seconds()))
    return row.step, row.calendar, row.door or "-", following, last, state


def changes(names: Sequence[str], how: str, *, as_json: bool, quiet: bool) -> str:
    """Return what an install or remove did."""
    if as_json:
        return print_as_json([Change(how=how, name=name) for name in names])
    if quiet:
        return ""
    done = {
        "installed": _("installed"),
        "removed": _("removed"),
        "would be removed": _("would be removed"),
    }[how]
    nothing = _("nothing to be installed") if how == "installed" else _("nothing to be removed")
    return "\n".join(f"{done}: {name}" for name in names) or nothing


def drafts(units: Sequence[Unit], *, as_json: bool) -> str:
    """Return what an install would write."""
    if as_json:
        return print_as_json([Draft(name=unit.name, text=unit.text) for unit in units])
    return "\n".join(f"# {unit.name}\n{unit.text}" for unit in units).rstrip("\n")
