"""`msptool init`: a workspace for a new client."""

from pathlib import Path

import click

from msptool.cli import base, manual


@click.command(cls=manual.Verb)
@click.argument("directory", metavar="DIR")
@click.option(
    "--plan",
    metavar="[basic|standard|complex]",
    required=True,
    help="The service plan.",
)
@click.option("--code", metavar="CODE", help="2 to 8 capitals and digits; else from DIR.")
@click.option("--name", metavar="NAME", help="As in documents; else the code.")
@click.option("--lang", default="en", show_default=True, help="Of documents: ru, en or ru,en.")
@click.option("--zone", default="UTC", show_default=True, help="The client's time zone.")
@base.json_option
@base.quiet_option
@base.examples(
    "msptool init acme --plan standard",
    'msptool init acme --plan complex --name "Acme Ltd" --lang ru,en',
    "msptool init /srv/beta --plan basic --code BETA --zone Europe/Moscow",
)
def init(
    *,
    directory: str,
    plan: str,
    code: str | None,
    name: str | None,
    lang: str,
    zone: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make a workspace for a client."""
    from msptool.cli import records
    from msptool.profile import draft

    root = Path(directory).resolve()
    code = code or draft.code_of(root)
    head = draft.client(code, name or code, tuple(lang.split(",")), zone)
    made = draft.found(root, draft.text(head, plan))
    if as_json:
        base.say(records.lines([records.Made(path=str(made.root), client=code, plan=plan)]))
        return
    base.say(records.made(made, directory) if not quiet else "")
