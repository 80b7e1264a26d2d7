"""`msptool schedule`: timers for the steps that the profile schedules."""

from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping
from msptool.cli.speech import _

if TYPE_CHECKING:
    from msptool.schedule.doors import Door
    from msptool.schedule.systemd import Scope


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def schedule() -> None:
    """Timers for the day's round: systemd or cron."""


def _door(*, systemd: bool, cron: bool, scope: "Scope | None") -> "Door":
    """Return the door that was asked for, else the one that this machine has."""
    from msptool.schedule import doors

    if systemd and cron:
        raise click.UsageError("--systemd and --cron exclude each other")
    if cron and scope:
        raise click.UsageError(f"--{scope} is for systemd; a crontab is always the user's own")
    kind = "systemd" if systemd or scope else "cron" if cron else ""
    return doors.choose(kind, scope)


_systemd = click.option("--systemd", is_flag=True, help="Systemd timers.")
_cron = click.option("--cron", is_flag=True, help="Lines in your crontab.")
_user = click.option("--user", "scope", flag_value="user", help="Your own systemd manager.")
_system = click.option("--system", "scope", flag_value="system", help="The machine's systemd.")


@schedule.command()
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme schedule show", "msptool -C acme schedule show --json")
def show(directory: str | None, as_json: bool) -> None:
    """Show what is scheduled and installed, the next and the last runs."""
    from msptool import clock, profile
    from msptool.cli import timetable

    workspace = base.open_workspace(directory)
    now = clock.now()
    rows = timetable.rows(workspace, profile.load(workspace), now)
    if as_json:
        base.say(timetable.print_as_json(rows))
    elif rows:
        base.table(timetable.HEADERS, [timetable.cells(row, now) for row in rows])
    else:
        base.say(_("nothing is scheduled; see schedule in client.yaml"))


@schedule.command()
@base.workspace_option
@base.json_option
@base.quiet_option
@_systemd
@_cron
@_user
@_system
@click.option("--dry-run", is_flag=True, help="Print what would be installed, touch nothing.")
@base.examples(
    "msptool -C acme schedule install",
    "msptool -C acme schedule install --systemd --user --dry-run",
    "msptool -C acme schedule install --cron",
)
def install(
    *,
    directory: str | None,
    as_json: bool,
    quiet: bool,
    systemd: bool,
    cron: bool,
    scope: "Scope | None",
    dry_run: bool,
) -> None:
    """Install the timers; a second time changes nothing."""
    from msptool import profile, terminal
    from msptool.cli import timetable
    from msptool.schedule import plan, trusted

    door = _door(systemd=systemd, cron=cron, scope=scope)
    workspace = base.open_workspace(directory)
    program = trusted.script()
    made = plan.make(workspace, profile.load(workspace), program, terminal.language())
    for path in (*trusted.code(program), workspace.root):
        trusted.refuse_unsafe(path)
    if dry_run:
        base.say(timetable.drafts(door.preview(made), as_json=as_json))
        return
    changed = door.install(made)
    base.say(timetable.changes(changed, "installed", as_json=as_json, quiet=quiet))
    base.tell(_(door.advice()), quiet=quiet)


@schedule.command()
@base.workspace_option
@base.json_option
@base.quiet_option
@_systemd
@_cron
@_user
@_system
@click.option("--dry-run", is_flag=True, help="Print what would be removed, touch nothing.")
@base.examples("msptool -C acme schedule remove", "msptool -C acme schedule remove --cron")
def remove(
    *,
    directory: str | None,
    as_json: bool,
    quiet: bool,
    systemd: bool,
    cron: bool,
    scope: "Scope | None",
    dry_run: bool,
) -> None:
    """Remove exactly what install wrote, wherever it did; nothing else is touched."""
    from msptool import profile
    from msptool.cli import timetable
    from msptool.schedule import doors

    named = systemd or cron or scope
    chosen = [_door(systemd=systemd, cron=cron, scope=scope)] if named else doors.every()
    client = profile.load(base.open_workspace(directory)).profile.client.code
    steps = [door.names if dry_run else door.remove for door in chosen]
    removed = [name for step in steps for name in step(client)]
    how = "would be removed" if dry_run else "removed"
    base.say(timetable.changes(removed, how, as_json=as_json, quiet=quiet))
