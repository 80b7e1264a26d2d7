"""What is scheduled for a workspace: which commands, when, and what they may touch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from msptool.errors import ProfileError, UsageError
from msptool.profile.load import Loaded
from msptool.schedule import calendar
from msptool.schedule.calendar import Calendar
from msptool.workspace import Workspace, state_home

# The words after `msptool -C DIR`, and how long a step may take before it is stopped.
STEPS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "run": (("run",), 24 * 3600),
    "audit": (("audit", "run"), 12 * 3600),
    "backup": (("backup", "run"), 24 * 3600),
    "verify": (("backup", "verify"), 24 * 3600),
    "forget": (("backup", "forget", "--prune"), 24 * 3600),
    "monitor": (("monitor", "check"), 120),
}


@dataclass(frozen=True)
class Task:
    """One step of the profile's schedule."""

    step: str
    words: tuple[str, ...]
    calendar: Calendar
    timeout_s: int


@dataclass(frozen=True)
class Plan:
    """All steps of one client; `writable` are the folders they write, `temporary` says that one
    of the folders they need lies in /tmp or /var/tmp.
    """

    client: str
    workspace: Path
    script: Path
    language: str
    tasks: tuple[Task, ...]
    writable: tuple[Path, ...]
    state: Path
    temporary: bool


@dataclass(frozen=True)
class Entry:
    """What is installed: a step, through which door, and when; None if someone edited it."""

    step: str
    door: str
    calendar: Calendar | None
    active: bool | None = None


def tasks(loaded: Loaded) -> tuple[Task, ...]:
    """Return the steps that a profile schedules; raise ProfileError with the place."""
    found = []
    for step, text in loaded.profile.schedule.items():
        words, timeout_s = STEPS[step]
        try:
            when = calendar.parse(text)
        except UsageError as error:
            place = loaded.document.place(("schedule", step))
            raise ProfileError(
                error.code, f"schedule.{step}: {error.message}", place=place, hint=error.hint
            ) from error
        found.append(Task(step, words, when, timeout_s))
    return tuple(found)


def make(workspace: Workspace, loaded: Loaded, script: Path, language: str) -> Plan:
    """Return the plan of a workspace; raise ProfileError where nothing is scheduled."""
    chosen = tasks(loaded)
    if not chosen:
        raise ProfileError(
            "schedule.empty",
            "the profile schedules nothing",
            place=loaded.document.place(("schedule",)),
            hint='add to client.yaml: schedule: {run: "*-*-* 19:00:00"}',
        )
    backup = loaded.profile.backup
    repositories = [
        _resolved(workspace, loaded, entry.path, ("backup", "repositories", name, "path"))
        for name, entry in backup.repositories.items()
        if entry.path
    ]
    sources = [
        _resolved(workspace, loaded, path, ("backup", "jobs", name, "paths"))
        for name, job in backup.jobs.items()
        for path in job.paths
    ]
    needed = [workspace.root, *repositories, script, *sources]
    return Plan(
        client=loaded.profile.client.code,
        workspace=plain(workspace.root),
        script=plain(script),
        language=language,
        tasks=chosen,
        writable=tuple(dict.fromkeys(plain(p) for p in (workspace.root, *repositories))),
        state=plain(state_home()),
        temporary=any(_is_temporary(path) for path in needed),
    )


def _resolved(workspace: Workspace, loaded: Loaded, path: str, key: tuple[str, ...]) -> Path:
    """Return where a path of the profile leads: from the workspace, or from a user's home."""
    try:
        return workspace.root / Path(path).expanduser()
    except RuntimeError as error:  # ~nobody
        place = loaded.document.place(key)
        raise ProfileError("schedule.path", f"{path}: no such user", place=place) from error


def _is_temporary(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in ("/tmp", "/var/tmp"))  # noqa: S108


def plain(path: Path) -> Path:
    """Return a path as it is; raise UsageError where a unit or crontab could not carry it."""
    text = str(path)
    if not text.isprintable() or "\\" in text:
        raise UsageError(
            "schedule.path",
            f"{text!r} cannot stand in a timer",
            hint="move it to a folder without backslashes, line breaks and control characters",
        )
    return path
