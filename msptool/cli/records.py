"""Answers of set-up commands that are no part of a report, as JSON Lines and as words."""

import shlex
from collections.abc import Sequence

import msgspec

from msptool import clock
from msptool.escape import visible
from msptool.model import End
from msptool.workspace import Workspace


class Made(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="workspace"):
    """A workspace that was made."""

    path: str
    client: str
    plan: str


class Checked(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="profile"):
    """What a valid profile says, in numbers; `commands` are those that trusting it would allow."""

    file: str
    client: str
    plan: str
    sha256: str
    networks: int
    authorised: bool
    jobs: int
    services: int
    steps: int
    commands: tuple[str, ...] = ()
    trusted: bool = False


class Server(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="server"):
    """A program of the demo site that was missing, and the Debian package that has it."""

    name: str
    package: str


def lines(found: Sequence[msgspec.Struct]) -> str:
    """Return JSON Lines that end in `end`."""
    end = End(ended_at=clock.now(), complete=True)
    return "\n".join(msgspec.json.encode(record).decode() for record in [*found, end])


def made(workspace: Workspace, directory: str) -> str:
    """Return what was made and what to do next."""
    return visible_lines(
        f"made {workspace.root}; nothing is scanned until its scope is authorised",
        f"Next: edit {workspace.client_file}",
        f"      msptool -C {shlex.quote(directory)} profile validate",
        f"      msptool -C {shlex.quote(directory)} run",
    )


def checked(told: Checked) -> str:
    """Return what was checked."""
    scope = f"{told.networks} networks" if told.authorised else "nobody authorises a scan today"
    commands = f"; runs {len(told.commands)} commands" if told.commands else ""
    untrusted = " (not trusted yet: msptool profile trust)" if not told.trusted else ""
    return visible_lines(
        f"{told.file}: fine",
        f"keys and values, the plan {told.plan or '(none)'}, references, the zone, the schedule"
        " were checked",
        f"client {told.client}: scope: {scope}; {told.jobs} backup jobs, {told.services} services,"
        f" {told.steps} timers{commands}{untrusted if told.commands else ''}",
    )


def visible_lines(*texts: str) -> str:
    """Return lines of which none can break or steer the terminal."""
    return "\n".join(visible(text) for text in texts)


def trusted(told: Checked, *, new: bool) -> str:
    """Return which commands may run from now on."""
    state = "trusted" if new else "trusted already"
    allowed = told.commands or ("it names no commands",)
    return visible_lines(f"{told.file} {told.sha256[:12]}: {state}", *(f"  {c}" for c in allowed))
