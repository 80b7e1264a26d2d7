"""`msptool tickets simulate`: parse, call, print."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, manual, tickets_desk
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msptool.tickets.history import Past
    from msptool.tickets.simulate import Tally

_DAYS = 90


@click.command(cls=manual.Verb)
@click.option(
    "--policy",
    "other",
    metavar="FILE.yaml",
    type=click.Path(dir_okay=False),
    help="Another policy: a piece of a profile, of its key tickets.",
)
@click.option(
    "--since",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Count from this day on (YYYY-MM-DD); by default the last 90 days.",
)
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets simulate",
    "msptool tickets simulate --policy calmer.yaml --since 2026-09-01",
)
def simulate(
    other: str | None, since: datetime | None, directory: str | None, as_json: bool
) -> None:
    """Replay the past under another policy: how many tickets, how much noise.

    Nothing is written.
    """
    past, tallies = _replayed(other, since, directory)
    if as_json:
        _emit(past, tallies)
    else:
        base.table(("", *(tally.policy for tally in tallies)), _rows(tallies))
        base.tell(_("from {0} runs, and the tickets where no run is kept", past.runs))
        if past.broken:
            base.tell(_("not readable: {0}", visible(", ".join(past.broken[:10]))))
    base.end(as_json)


def _replayed(
    other: str | None, since: datetime | None, directory: str | None
) -> "tuple[Past, list[Tally]]":
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from msptool import clock, identity
    from msptool.profile import trial
    from msptool.tickets import desk, history
    from msptool.tickets import simulate as room

    workspace, now_is = tickets_desk.load(directory)
    policies = [("now", now_is)]
    if other is not None:
        policies.append((Path(other).stem[:20], trial.load(Path(other), now_is)))
    until = clock.now()
    zone = ZoneInfo(now_is.client.zone)
    begin = since.replace(tzinfo=zone) if since else until - timedelta(days=_DAYS)
    if begin >= until:
        raise click.BadParameter("that day is still to come", param_hint="--since")
    with desk.opened(workspace, now_is) as held:
        past = history.of(held, begin)
    known, span = identity.load(workspace.identities), room.Span(begin, until)
    return past, [room.replay(past, one, known, span, name) for name, one in policies]


def _rows(tallies: "Sequence[Tally]") -> list[list[str]]:
    named = {
        "opened": _("tickets opened"), "children": _("  of these under another one"),
        "reopened": _("reopened"), "resolved": _("resolved"), "held": _("held back by works"),
        "flapping": _("kept open for flapping"), "raised": _("got worse"),
        "notifications": _("notifications"), "per_day": _("  a day"), "most": _("  most on a day"),
        "active": _("open at the end"),
    }  # fmt: skip
    return [[said, *(str(getattr(t, name)) for t in tallies)] for name, said in named.items()]


def _emit(past: "Past", tallies: "Sequence[Tally]") -> None:
    import msgspec

    told = {"runs": past.runs, "receipts": past.receipts, "broken": past.broken}
    for tally in tallies:
        record = {"type": "simulation", **msgspec.to_builtins(tally), **told}
        base.record(record)
