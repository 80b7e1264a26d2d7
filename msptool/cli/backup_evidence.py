"""`msptool backup evidence`: signed proofs, checked, shown and handed out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping
from msptool.errors import FINDINGS, FINE, UsageError

if TYPE_CHECKING:
    from msptool.backup.evidence.check import Item


@click.group(cls=grouping.Helpful)
def evidence() -> None:
    """Signed proofs of restore tests: check them, show them, hand them out."""


@evidence.command()
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@base.workspace_option
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="The public key or its SHA-256 in hex, or a file in PEM; several times for several keys.",
)
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="JOB:NUMBER:SHA256",
    help="A last known statement; several times for several jobs.",
)
@click.option(
    "--with-materials", is_flag=True, help="In a workspace, read the files named by proofs too."
)
@base.json_option
@base.examples(
    "msptool -C acme backup evidence verify",
    "msptool backup evidence verify acme-proof --key 5f…e1 --head files:12:9c…04",
    "msptool backup evidence verify acme-proof --key acme.pem --json",
)
def verify(
    bundle: Path | None,
    directory: str | None,
    *,
    keys: Sequence[str],
    heads: Sequence[str],
    with_materials: bool,
    as_json: bool,
) -> int:
    """Find what was changed, taken out, moved or added since the proofs were signed.

    Reads an exported folder, or the workspace. Key and head come from a report or ticket: the
    bundle cannot vouch for itself. Without a key it is not known who signed; without a head
    statements may be missing at the end. Exits with 1 where something is wrong.
    """
    from msptool.backup.evidence import bundle as bundles
    from msptool.backup.evidence import chain, check
    from msptool.cli import evidence_words as words

    trusted = [_key(text) for text in keys]
    known = [chain.parse_head(text) for text in heads]
    if bundle is not None:
        items: list[Item] = bundles.read(bundle)
    else:
        workspace = base.open_workspace(directory)
        items = bundles.read_workspace(workspace, with_materials=with_materials)
    checked = check.verify(items, trusted, known)
    if as_json:
        words.emit(words.checked_lines(checked))
    else:
        base.say(words.checked(checked))
    return FINE if checked.intact else FINDINGS


def _key(text: str) -> str:
    """Return the hex of a public key, or of a key's id, from an option."""
    from msptool.backup.evidence import key

    if len(text) == 64 and not set(text.lower()) - set("0123456789abcdef"):
        return text.lower()
    try:
        return key.read_pem(Path(text).read_bytes()).hex()
    except (OSError, ValueError) as error:
        raise UsageError(
            "evidence.public-key",
            f"{text} is neither a public key in hex nor a file with one in PEM",
            hint="the report and tickets have it: 64 characters of hex",
        ) from error


@evidence.command()
@click.argument("job")
@click.option("--sequence", type=click.IntRange(min=1), metavar="N", help="Which; else the last.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool -C acme backup evidence show files",
    "msptool -C acme backup evidence show files --sequence 3 --json",
)
def show(job: str, sequence: int | None, directory: str | None, as_json: bool) -> None:
    """Show what a proof says, and what is needed to check it elsewhere: head and key."""
    from msptool.backup.evidence import showing
    from msptool.cli import evidence_words as words

    shown = showing.find(base.open_workspace(directory), job, sequence)
    if as_json:
        words.emit([words.shown_line(shown)])
    else:
        base.say(words.shown(shown))


@evidence.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@click.option("--with-materials", is_flag=True, help="Manifests and runs that proofs name too.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool -C acme backup evidence export /tmp/proof",
    "msptool -C acme backup evidence export proof files --with-materials",
)
def export(
    target: Path, jobs: Sequence[str], with_materials: bool, directory: str | None, as_json: bool
) -> None:
    """Write proofs as a new folder for a third party, with how to check them.

    Materials hold names of the client's files; without them only their hashes go out.
    """
    from msptool.backup.evidence import bundle
    from msptool.cli import evidence_words as words

    workspace = base.open_workspace(directory)
    with workspace.lock("backup evidence export"):
        made = bundle.export(workspace, jobs, target, with_materials=with_materials)
    if as_json:
        words.emit([words.exported_line(made)])
    else:
        base.say(words.exported(made))
