"""`msptool backup`: backups with restic, and the proof that they restore."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import backup_guard, backup_keys, backup_restore, base, boundary, grouping
from msptool.cli.backup_evidence import evidence
from msptool.cli.speech import _
from msptool.errors import Busy, UsageError
from msptool.escape import visible
from msptool.workspace import Workspace

if TYPE_CHECKING:
    from msptool.backup.proof.levels import Asked
    from msptool.model import Report
    from msptool.profile.load import Loaded


@click.group(cls=grouping.Helpful)
def backup() -> None:
    """Back up with restic, and prove that it restores."""


backup.add_command(evidence)


@backup.command()
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool -C acme backup init")
def init(directory: str | None, as_json: bool, quiet: bool) -> None:
    """Make the repositories of the profile that are missing; touch no other."""
    from msptool import profile
    from msptool.backup.repository import make
    from msptool.cli import proofs

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup init"):
        made = make.init(workspace, loaded)
    if as_json:
        base.emit(proofs.made_lines(made))
        base.end(as_json)
    else:
        proofs.show_made(made, quiet=quiet)


@backup.command()
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@base.workspace_option
@click.option("--due", is_flag=True, help="Only the jobs that missed their backup;"
              " ends well while another run is at work.")  # fmt: skip
@base.json_option
@base.fail_on_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup run",
    "msptool -C acme backup run files --json | msptool -C acme tickets ingest -",
    "msptool -C acme backup run --due",
)
def run(  # noqa: PLR0917 - click passes them by name
    jobs: tuple[str, ...],
    directory: str | None,
    due: bool,
    as_json: bool,
    fail_on: str,
    quiet: bool,
) -> int:
    """Back up the jobs of the profile, or those named, and seal what was in them."""
    from msptool import profile
    from msptool.backup.saving import run as backups
    from msptool.cli import news, proofs

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    if due and not (jobs := _due(workspace, loaded, jobs, quiet=quiet)):
        base.end(as_json)
        return 0
    with ExitStack() as held:
        try:
            held.enter_context(workspace.lock("backup run"))
        except Busy:
            if not due:
                raise
            base.tell(_("another run is at work: left for later"), quiet=quiet)
            base.end(as_json)
            return 0
        report = backups.run(workspace, loaded, jobs, base.progress(quiet=quiet))
    if quiet and not as_json:
        base.say(news.lines(workspace, report, fail_on))
    elif not as_json:
        proofs.show_run(report)
    return _end(report, loaded, as_json=as_json) or base.verdict(report.findings, fail_on)


def _due(
    workspace: Workspace, loaded: "Loaded", jobs: tuple[str, ...], *, quiet: bool
) -> tuple[str, ...]:
    """Return the jobs that missed their backup, and say why each is due."""
    from msptool import clock
    from msptool.backup import jobs as of_jobs
    from msptool.backup.saving import due

    found = due.of(workspace, loaded, of_jobs.wanted(loaded, jobs), clock.now())
    for each in found:
        since = clock.iso(each.scheduled_at) if each.scheduled_at else ""
        why = _("should have run at {0}", since) if since else _("is older than agreed")
        text = _("{0} {1}; newest backup: {2}", each.job, why, each.newest or _("none"))
        base.tell(visible(text), quiet=quiet)
    if not found:
        base.tell(_("no backup was missed"), quiet=quiet)
    return tuple(each.job for each in found)


@backup.command()
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@base.workspace_option
@click.option(
    "--sandbox",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Restore below this folder instead of the workspace.",
)
@click.option(
    "--level",
    type=click.IntRange(1, 5),
    help="How deep; without it the day decides, by age and budget.",
)
@click.option(
    "--sample",
    type=click.FloatRange(0, 100, min_open=True),
    metavar="PERCENT",
    help="Restore a sample of so many percent, in rotation.",
)
@click.option("--stream", is_flag=True, help="Read it through without scratch disk.")
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup verify",
    "msptool -C acme backup verify files --level 5 --sandbox /var/tmp",
    "msptool -C acme backup verify --sample 10",
    "msptool -C acme backup verify --json | msptool -C acme tickets ingest -",
)
def verify(  # noqa: PLR0917 - click passes them by name
    jobs: tuple[str, ...],
    directory: str | None,
    sandbox: Path | None,
    level: int | None,
    sample: float | None,
    stream: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Restore backups into a throw-away place and hold them against what was sealed.

    Levels, each with those before it: 1 age, size and change; 2 structure; 3 a part of the packs;
    4 a test restore from an empty cache; 5 what the restored files mean.

    Exits with 1 for any verdict but ok, and with 3 where a job could not be tested.
    """
    from msptool import profile, terminal
    from msptool.backup.proof import verify as proving
    from msptool.cli import news, proofs

    asked = _asked(level, sample, stream=stream)
    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup verify"):
        proven = proving.verify_all(
            workspace,
            loaded,
            jobs,
            base.progress(quiet=quiet),
            place=sandbox and sandbox.resolve(),
            asked=asked,
        )
    code = proofs.code(proven.report)
    if not as_json and not quiet:
        proofs.show_proven(proven, loaded, terminal.language())
    elif not as_json and code:
        told = {finding.subject.thing for finding in news.of(workspace, proven.report)}
        proofs.show_proven(proven, loaded, terminal.language(), only=told)
    return _end(proven.report, loaded, as_json=as_json) or code


@backup.command()
@click.argument("repositories", nargs=-1, metavar="[REPOSITORY]...")
@base.workspace_option
@click.option("--read-data", is_flag=True, help="Read every pack, not the structure alone.")
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme backup check",
    "msptool -C acme backup check nas --read-data",
)
def check(
    repositories: tuple[str, ...], directory: str | None, *, read_data: bool, as_json: bool,
    quiet: bool,
) -> int:  # fmt: skip
    """Check the repositories of the profile, or those named; nothing is restored."""
    from msptool import profile, terminal
    from msptool.backup.proof import verify as proving
    from msptool.cli import proofs

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    with workspace.lock("backup check"):
        proven = proving.check_all(
            workspace, loaded, repositories, base.progress(quiet=quiet),
            reading="whole" if read_data else "structure",
        )  # fmt: skip
    code = proofs.code(proven.report)
    if not as_json and (code or not quiet):
        proofs.show_checked(proven, terminal.language())
    return _end(proven.report, loaded, as_json=as_json) or code


def _asked(level: int | None, sample: float | None, *, stream: bool) -> "Asked":
    """Return how deep to prove; raise UsageError for words that exclude each other."""
    from msptool.backup.proof.levels import RESTORE, Asked

    if sample is not None and stream:
        raise UsageError(
            "usage.wrong", "--sample and --stream exclude each other", hint="name one of them"
        )
    if (sample is not None or stream) and level is not None and level < RESTORE:
        raise UsageError(
            "usage.wrong",
            f"level {level} restores nothing to sample or to stream",
            hint=f"--level {RESTORE} or no level",
        )
    return Asked(level, sample, stream)


@backup.command()
@base.workspace_option
@click.option(
    "--prometheus",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write it in Prometheus' text format (- for stdout).",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="How far the proofs reach: which files and packs were never looked at.",
)
@base.json_option
@base.examples(
    "msptool -C acme backup status",
    "msptool -C acme backup status --coverage",
    "msptool -C acme backup status --prometheus /var/lib/node_exporter/acme.prom",
)
def status(directory: str | None, prometheus: Path | None, coverage: bool, as_json: bool) -> None:
    """Show when each job was last backed up and last proven, from the runs."""
    from msptool import clock, files, profile
    from msptool.backup import metrics
    from msptool.backup import status as standing
    from msptool.cli import proofs

    if coverage and prometheus is not None:
        raise UsageError(
            "usage.wrong", "--coverage and --prometheus exclude each other", hint="name one of them"
        )
    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    if coverage:
        _coverage(workspace, loaded, as_json=as_json)
        return
    standings = standing.of(workspace, loaded, clock.now())
    if prometheus is not None:
        text = metrics.text(loaded.profile.client.code, standings)
        if str(prometheus) == "-":
            base.say(text.rstrip())
        else:
            files.deliver(prometheus, text.encode())
    elif as_json:
        base.emit(standing.thing(each) for each in standings)
        base.end(as_json)
    else:
        proofs.show_standings(standings)


def _coverage(workspace: Workspace, loaded: "Loaded", *, as_json: bool) -> None:
    from msptool.backup.proof import reach
    from msptool.cli import reach_words

    jobs = tuple(reach.of_all_jobs(workspace, loaded))
    repositories = tuple(reach.of_all_repositories(workspace, loaded))
    if as_json:
        reach_words.emit(jobs, repositories)
    else:
        base.say(reach_words.shown(jobs, repositories))


for verb in (
    backup_guard.forget,
    backup_guard.unlock,
    backup_keys.key,
    backup_restore.snapshots,
    backup_restore.browse,
    backup_restore.restore,
):
    backup.add_command(verb)


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
