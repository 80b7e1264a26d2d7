"""`msptool backup`: backups with restic, and the proof that they restore."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import backup_guard, base, boundary, grouping

if TYPE_CHECKING:
    from msptool.model import Report
    from msptool.profile.load import Loaded


@click.group(cls=grouping.Helpful)
def backup() -> None:
    """Back up with restic, and prove that it restores."""


@backup.command()
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool -C acme backup init")
def init(directory: str | None, as_json: bool, quiet: bool) -> None:
    """Make the repositories of the profile that are missing; touch no other."""
    from msptool import profile
    from msptool.backup import run
    from msptool.cli import proofs

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup init"):
        made = run.init(workspace, loaded)
    if as_json:
        base.emit(proofs.made_lines(made))
        base.end(as_json)
    else:
        proofs.show_made(made, quiet=quiet)


@backup.command()
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@base.workspace_option
@base.json_option
@base.fail_on_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup run",
    "msptool -C acme backup run files --json | msptool -C acme tickets ingest -",
)
def run(
    jobs: tuple[str, ...], directory: str | None, as_json: bool, fail_on: str, quiet: bool
) -> int:
    """Back up the jobs of the profile, or those named, and seal what was in them."""
    from msptool import profile
    from msptool.backup import run as backups
    from msptool.cli import news, proofs

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup run"):
        report = backups.run(workspace, loaded, jobs, base.progress(quiet=quiet))
    if quiet and not as_json:
        base.say(news.lines(workspace, report, fail_on))
    elif not as_json:
        proofs.show_run(report)
    return _end(report, loaded, as_json=as_json) or base.verdict(report.findings, fail_on)


@backup.command()
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@base.workspace_option
@click.option(
    "--sandbox",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Restore below this folder instead of the workspace.",
)
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup verify",
    "msptool -C acme backup verify files --sandbox /var/tmp",
    "msptool -C acme backup verify --json | msptool -C acme tickets ingest -",
)
def verify(
    jobs: tuple[str, ...], directory: str | None, sandbox: Path | None, as_json: bool, quiet: bool
) -> int:
    """Restore backups into a throw-away place and hold them against what was sealed.

    Exits with 1 for any verdict but ok, and with 3 where a job could not be tested.
    """
    from msptool import profile, terminal
    from msptool.backup import verify as proving
    from msptool.cli import news, proofs

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup verify"):
        proven = proving.verify_all(
            workspace, loaded, jobs, base.progress(quiet=quiet), sandbox and sandbox.resolve()
        )
    code = proofs.code(proven.report)
    if not as_json and not quiet:
        proofs.show_proven(proven, loaded, terminal.language())
    elif not as_json and code:
        told = {finding.subject.thing for finding in news.of(workspace, proven.report)}
        proofs.show_proven(proven, loaded, terminal.language(), only=told)
    return _end(proven.report, loaded, as_json=as_json) or code


@backup.command()
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme backup status")
def status(directory: str | None, as_json: bool) -> None:
    """Show when each job was last backed up and last proven, from the runs."""
    from msptool import clock, profile
    from msptool.backup import status as standing
    from msptool.cli import proofs

    workspace = base.open_workspace(directory)
    standings = standing.of(workspace, profile.load(workspace), clock.now())
    if as_json:
        base.emit(standing.thing(each) for each in standings)
        base.end(as_json)
    else:
        proofs.show_standings(standings)


backup.add_command(backup_guard.unlock)


def _end(report: "Report", loaded: "Loaded", *, as_json: bool) -> int:
    """Print the records and return 0, or raise where the run as a whole failed. After a whole
    report in JSON the failure is only said: its last line is `end`.
    """
    from msptool.backup import trouble

    if as_json:
        base.emit(report.lines())
    error = trouble.of(report, loaded)
    if error is None:
        return 0
    if not as_json:
        raise error
    base.tell(boundary.headline(error))
    return error.exit
