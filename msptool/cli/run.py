"""`msptool run`: the day's round."""

import click

from msptool.cli import base, grouping, manual


@click.command(cls=manual.Verb, context_settings=grouping.CONTEXT)
@base.workspace_option
@click.option(
    "--skip",
    multiple=True,
    type=click.Choice(["audit", "backup", "verify", "monitor", "tickets", "report"]),
    help="Leave a step out; may be given several times.",
)
@base.json_option
@base.fail_on_option
@base.quiet_option
@base.examples("msptool -C acme run", "msptool -C acme run --skip audit -q")
def run(
    directory: str | None, skip: tuple[str, ...], as_json: bool, fail_on: str, quiet: bool
) -> int:
    """Do the day's round: audit, backup, monitor, tickets, report.

    A step that fails stops none of the others, and shows in the exit code. Each step works alone
    too: audit run, backup run, backup verify, monitor check, tickets ingest, report build.
    """
    from msptool.cli import news, round_words
    from msptool.cli.round import Round, exit_code, walk
    from msptool.profile import load

    workspace = base.open_workspace(directory)
    loaded = load(workspace)
    progress = base.progress(quiet=quiet or as_json)
    with workspace.lock("run"):
        steps = []
        for step in walk(Round(workspace, loaded, progress), skip):
            steps.append(step)
            round_words.tell(step, quiet=quiet)
    findings = [finding for step in steps for finding in step.told.findings]
    if as_json:
        base.say(round_words.as_json(steps, loaded.profile.client.code))
    elif quiet:
        reports = [step.told.report for step in steps if step.told.report is not None]
        base.say("\n".join(filter(None, (news.lines(workspace, r, fail_on) for r in reports))))
    else:
        base.say(round_words.summary(steps, loaded.profile.client.code, workspace.root))
    return exit_code(steps, base.verdict(findings, fail_on))
