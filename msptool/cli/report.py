"""`msptool report`: parse, call, print."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.report.summary import Summary


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def report() -> None:
    """Documents for clients and for CI."""


@report.command()
@base.workspace_option
@click.option(
    "--lang",
    "languages",
    multiple=True,
    type=click.Choice(["en", "ru"]),
    help="A language of the page, the first one shown first. Default: the client's.",
)
@click.option("--open-path", is_flag=True, help="Print only where the page lies.")
@base.json_option
@base.quiet_option
@base.examples(
    "msptool report build",
    "msptool report build --lang ru --lang en",
    'xdg-open "$(msptool -C acme report build --open-path)"',
)
def build(
    directory: str | None, languages: tuple[str, ...], open_path: bool, as_json: bool, quiet: bool
) -> None:
    """Build HTML, JSON and JUnit from the newest complete runs and the tickets.

    Ends with 3 if a run or a ticket could not be read; the report is built all the same and says
    so. Findings do not change its exit code.
    """
    from msptool import clock, profile
    from msptool.report import run, summary

    workspace = base.open_workspace(directory)
    folder = run.build(
        workspace, profile.load(workspace), now=clock.now(), languages=languages or None
    )
    document = run.load(folder)
    if as_json:
        base.say(run.built(folder, document).decode())
    elif open_path:
        base.say(visible(str(folder / run.PAGE)))
    elif not quiet:
        _tell(folder / run.PAGE, summary.summarise(document))
    trouble = run.trouble(document)
    if trouble is not None:
        raise trouble
    base.end(as_json)


def _tell(page: Path, told: "Summary") -> None:
    from msptool.cli import report_words

    base.say("\n".join(visible(line) for line in report_words.lines(told)))
    base.say(_("report: {0}", visible(str(page))))


@report.command("list")
@base.workspace_option
@base.json_option
@base.examples("msptool report list", "msptool report list --json")
def list_(directory: str | None, as_json: bool) -> None:
    """List the reports of a workspace, newest first."""
    import msgspec

    from msptool import clock
    from msptool.report import run

    entries = list(run.entries(base.open_workspace(directory)))
    if as_json:
        for entry in entries:
            base.say(msgspec.json.encode(entry).decode())
        base.end(as_json)
    elif entries:
        base.table(
            ("REPORT", "BUILT", "LANGUAGES", "PAGE"),
            [
                (e.id, clock.iso(e.built_at) if e.built_at else "?", " ".join(e.languages), e.page)
                for e in entries
            ],
        )
    else:
        base.tell(_("no reports yet; build one: msptool report build"))
