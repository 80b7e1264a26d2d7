"""`msptool profile`: what was agreed with a client, checked and published."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping

if TYPE_CHECKING:
    from msptool.cli.records import Checked


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def profile() -> None:
    """Check, publish and trust client profiles."""


@profile.command()
@click.argument("file", required=False, metavar="[FILE]")
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme profile validate",
    "msptool profile validate acme/client.yaml --json",
)
def validate(file: str | None, directory: str | None, as_json: bool, quiet: bool) -> None:
    """Check a profile: keys, values, plan, references, zone and schedule."""
    from msptool.cli import records

    path = Path(file) if file else base.open_workspace(directory).client_file
    told = _checked(path)
    if as_json:
        base.say(records.lines([told]))
    elif not quiet:
        base.say(records.checked(told))


def _checked(path: Path) -> "Checked":
    from msptool import clock
    from msptool.audit.scope import today
    from msptool.cli import records
    from msptool.profile import commands, load_file, trust
    from msptool.schedule import plan
    from msptool.tickets.sla.public_days import Public
    from msptool.workspace import Workspace

    loaded = load_file(path)
    found, scope = loaded.profile, loaded.profile.scope
    day = today(found.client.zone, clock.now())
    Public(found.tickets.calendar.holidays, found.tickets.calendar.categories).of(day)
    return records.Checked(
        file=path.name,
        client=found.client.code,
        plan=found.extends,
        sha256=loaded.sha256,
        networks=len(scope.networks),
        authorised=bool(scope.authorised_by.strip() and scope.expires and scope.expires >= day),
        jobs=len(found.backup.jobs),
        services=len(found.monitor.services),
        steps=len(plan.tasks(loaded)),
        commands=tuple(f"{place}: {text}" for place, text in commands.listed(loaded)),
        trusted=trust.is_trusted(Workspace(path.resolve().parent)),
    )


@profile.command("schema")
@base.json_option
@base.examples("msptool profile schema > client.schema.json")
def schema_(as_json: bool) -> None:
    """Print the profile's JSON Schema for editors; --json puts it on one line."""
    import json

    from msptool.profile import schema

    made = schema.schema().decode().rstrip("\n")
    base.say(json.dumps(json.loads(made)) if as_json else made)


@profile.command("trust")
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool -C acme profile trust")
def trust_(directory: str | None, as_json: bool, quiet: bool) -> None:
    """Let this very file run its commands for you; a changed file must be trusted again."""
    from msptool.cli import records
    from msptool.profile import trust

    workspace = base.open_workspace(directory)
    told = _checked(workspace.client_file)
    new = trust.trust(workspace)
    if as_json:
        import msgspec

        base.say(records.lines([msgspec.structs.replace(told, trusted=True)]))
    elif not quiet:
        base.say(records.trusted(told, new=new))
