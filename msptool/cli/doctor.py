"""`msptool doctor`: what this machine has for the work, and what is missing."""

import sys
from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, speech
from msptool.cli.speech import _
from msptool.errors import ToolMissing

if TYPE_CHECKING:
    from msptool.tools import Seen


@click.command(cls=manual.Verb)
@base.json_option
@base.quiet_option
@base.examples(
    "msptool doctor", "msptool doctor --json", "msptool doctor -q && msptool -C acme run"
)
def doctor(as_json: bool, quiet: bool) -> int:
    """Which tools and rights are here, and what each gives.

    Ends with 4 where something is missing that the main job needs.
    """
    from msptool import tools
    from msptool.backup import needs
    from msptool.cli import records

    found = tools.look([*tools.needs(), *needs.needs()])
    if as_json:
        base.say(records.lines(found))
    else:
        base.say("\n".join(_line(one) for one in found if not (quiet and one.state != "missing")))
    return ToolMissing.exit if any(one.state == "missing" for one in found) else 0


def _line(seen: "Seen") -> str:
    """Return `ok      nmap 7.93` or `MISSING restic: …; gives …; = apt install restic`."""
    from msptool import terminal
    from msptool.escape import visible

    name, version, gives, remedy = (
        speech.told("tool", text) for text in (seen.name, seen.version, seen.gives, seen.remedy)
    )
    text = f"{name} {version}".rstrip()
    if seen.state != "ok":
        text = _("{0}: {1}; gives {2}; = {3}", name, version, gives, remedy)
    word = {"ok": "ok", "less": _("LESS"), "missing": _("MISSING")}[seen.state]
    colour = "ok" if seen.state == "ok" else "high"
    return f"{terminal.paint(f'{word:<7}', colour, sys.stdout)} {visible(text)}"
