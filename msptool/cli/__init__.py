"""The command line: a table of nouns, and the one boundary where errors become words and codes.

A noun's module is imported when it is used, so that `--help` costs what click costs.
"""

import sys
from collections.abc import Sequence
from typing import Any

import click

from msptool.cli import boundary, grouping, speech

# Each line equals the help of the command it names (a test holds that), in the order of use.
SECTIONS: dict[str, dict[str, str]] = {
    "Every day": {
        "run": "Do the day's round: audit, backup, monitor, tickets, report.",
        "audit": "Discover a network and check it.",
        "backup": "Back up with restic, and prove that it restores.",
        "monitor": "Check the health of this machine.",
        "tickets": "Findings and requests, with priorities and clocks.",
        "report": "Documents for clients and for CI.",
    },
    "Set up": {
        "init": "Make a workspace for a client.",
        "profile": "Check, publish and trust client profiles.",
        "schedule": "Timers for the day's round: systemd or cron.",
        "doctor": "Which tools and rights are here, and what each gives.",
        "demo": "A practice network in namespaces, without root.",
    },
}
NOUNS = {name: line for section in SECTIONS.values() for name, line in section.items()}


class Nouns(grouping.Lazy):
    """The root: reads the table for help, imports a noun only to use it."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one screen of 80 x 24, without importing a noun."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        formatter.write_paragraph()
        options = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        listed = {"Options": [record for record in options if record]}
        for title, rows in (
            {name: list(s.items()) for name, s in SECTIONS.items()} | listed
        ).items():
            formatter.write_heading(title)
            formatter.indent()
            formatter.write_dl(rows)
            formatter.dedent()
        formatter.write(f"{speech.helped('Exit')}: {speech.helped(boundary.EXIT_LINE)}\n")


@click.group(
    cls=Nouns,
    modules={name: name for name in NOUNS},
    invoke_without_command=True,
    context_settings=grouping.CONTEXT,
)
@click.option("-C", "--workspace", metavar="DIR", help="The client's workspace.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.option("--version", is_flag=True, help="Show the version.")
@click.pass_context
def root(ctx: click.Context, workspace: str | None, debug: bool, version: bool) -> None:
    """Audit a client's network, prove its backups, lose no problem."""
    ctx.obj = workspace
    if version:
        from msptool import __version__

        click.echo(f"msptool {__version__}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(argv: Sequence[str] | None = None) -> Any:
    """Run the command line; this never returns to its caller but through `sys.exit`."""
    words = list(sys.argv[1:] if argv is None else argv)
    boundary.run(root, words)
