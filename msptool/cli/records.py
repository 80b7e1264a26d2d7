"""Answers of set-up commands that are no part of a report, as JSON Lines and as words."""

import shlex
from collections.abc import Sequence

import msgspec

from msptool import clock
from msptool.cli.speech import _
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
        _("made {0}; nothing is scanned until its scope is authorised", workspace.root),
        _("Next: edit {0}", workspace.client_file),
        f"      msptool -C {shlex.quote(directory)} profile validate",
        f"      msptool -C {shlex.quote(directory)} backup init",
        f"      msptool -C {shlex.quote(directory)} run",
    )


def checked(told: Checked) -> str:
    """Return what was checked."""
    scope = _("{0} networks", told.networks)
    counts = _(
        "client {0}: scope: {1}; {2} backup jobs, {3} services, {4} timers",
        told.client,
        scope if told.authorised else _("nobody authorises a scan today"),
        *(told.jobs, told.services, told.steps),
    )
    commands = _("; runs {0} commands", len(told.commands)) if told.commands else ""
    trust = _(" (not trusted yet: msptool profile trust)")
    return visible_lines(
        _("{0}: fine", told.file),
        _(
            "keys and values, the plan {0}, references, the zone, the schedule were checked",
            told.plan or _("(none)"),
        ),
        counts + commands + (trust if told.commands and not told.trusted else ""),
    )


def visible_lines(*texts: str) -> str:
    """Return lines of which none can break or steer the terminal."""
    return "\n".join(visible(text) for text in texts)


def trusted(told: Checked, *, new: bool) -> str:
    """Return which commands may run from now on."""
    state = _("trusted") if new else _("trusted already")
    allowed = told.commands or (_("it names no commands"),)
    return visible_lines(f"{told.file} {told.sha256[:12]}: {state}", *(f"  {c}" for c in allowed))
