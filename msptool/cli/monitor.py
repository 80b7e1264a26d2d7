"""`msptool monitor`: the health of the machine it runs on."""

import click

from msptool.cli import base, grouping


@click.group(cls=grouping.Helpful)
def monitor() -> None:
    """Check the health of this machine."""


@monitor.command()
@base.workspace_option
@base.json_option
@base.fail_on_option
@base.quiet_option
@base.examples(
    "msptool -C acme monitor check",
    "msptool -C acme monitor check --json | msptool -C acme tickets ingest -",
    "msptool -C acme monitor check -q --fail-on critical",
)
def check(directory: str | None, as_json: bool, fail_on: str, quiet: bool) -> int:
    """Measure load, memory, disks, services and the age of the last proven restore."""
    from msptool import clock, profile
    from msptool.cli import health, news
    from msptool.monitor import run

    workspace = base.open_workspace(directory)
    loaded = profile.load(workspace)
    report = run.check(workspace, loaded, clock.now())
    if as_json:
        base.emit(report.lines())
    elif quiet:
        base.say(news.lines(workspace, report, fail_on))
    else:
        health.show(report)
    return base.verdict(report.findings, fail_on)
