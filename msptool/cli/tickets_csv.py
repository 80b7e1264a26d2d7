"""`--csv` of the verbs that list or count tickets."""

import sys
from collections.abc import Iterable

import click

csv_option = click.option("--csv", "as_csv", is_flag=True, help="CSV on stdout.")


def one_of(*, as_csv: bool, as_json: bool) -> None:
    """Raise UsageError where both were asked for."""
    if as_csv and as_json:
        raise click.UsageError("--csv and --json exclude each other")


def write(lines: Iterable[str]) -> None:
    """Write lines as they are: UTF-8 and CRLF on every system."""
    sys.stdout.flush()
    for line in lines:
        sys.stdout.buffer.write(line.encode(errors="backslashreplace"))
