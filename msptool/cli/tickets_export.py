"""`msptool tickets export`: tickets for another program."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, tickets_desk
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.tickets.export import Exporter


@click.command(cls=manual.Verb)
@click.argument("terms", nargs=-1, metavar="[FILTER]...")
@click.option(
    "--format",
    "name",
    default="jsonl",
    show_default=True,
    metavar="NAME",
    help="csv, ical, jsonl, markdown or xlsx.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write into this file instead of stdout.",
)
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets export --format xlsx -o tickets.xlsx",
    "msptool tickets export --format ical -o desk.ics status:active",
    "msptool tickets export --format csv check:NET-001 'opened:<30d'",
)
def export(
    terms: tuple[str, ...],
    name: str,
    output: str | None,
    directory: str | None,
    as_json: bool,
) -> None:
    """Write tickets for another program. All of them, or those that pass the filters."""
    from msptool import clock
    from msptool.tickets import exporting, listing
    from msptool.tickets.author import author

    payload = _format(name, output, as_json=as_json)
    now = clock.now()
    with tickets_desk.opened(directory) as held:
        wanted = listing.asked(terms, now, tickets_desk.zone(held), ended=True, me=author())
        made = exporting.Export(held, wanted, now)
        _write(made.chunks(payload), output)
        error = made.error()
    base.tell(_("{0} tickets in {1}", made.count, visible(output)) if output else "")
    if error is not None:
        raise error
    base.end(as_json)


def _format(name: str, output: str | None, *, as_json: bool) -> "Exporter":
    from msptool.errors import UsageError
    from msptool.tickets import export as formats

    payload = formats.find(name)
    if as_json and name != "jsonl":
        raise click.UsageError("--json goes with --format jsonl")
    if name in formats.BINARY and output is None and sys.stdout.isatty():
        raise UsageError(
            "export.terminal", f"{name} is no text for a terminal", hint="write it with -o FILE"
        )
    return payload


def _write(pieces: Iterable[bytes], output: str | None) -> None:
    from msptool import files

    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        return
    path = Path(output)
    with base.into(path):
        files.deliver_pieces(path, pieces)
