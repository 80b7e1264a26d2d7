"""An audit that was cut short and goes on: by whom it was ordered, and whether that still holds.

`order.json` in the run's folder says what was to be looked at, from where, under which profile. A
run goes on only where all of it is the same: facts of another authority or place do not mix.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from msptool import __version__, files, runs
from msptool.audit.scope import Plan
from msptool.audit.vantage import Vantage
from msptool.errors import Place, UsageError
from msptool.model import Instant, Privilege
from msptool.profile.load import Loaded
from msptool.terminal import Progress, age
from msptool.workspace import Workspace

# A lease of DHCP lasts a day as a rule: after that an address may be another machine's.
FRESH = timedelta(hours=24)
ORDER = "order.json"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit was ordered to do. `only` are the targets named on the command line, `ports`
    the ports.
    """

    only: tuple[str, ...]
    ports: str = ""
    profile_sha256: str
    vantage: str
    privilege: Privilege = "user"
    msptool: str
    started_at: Instant

    @classmethod
    def of(  # noqa: PLR0917
        cls,
        loaded: Loaded,
        plan: Plan,
        place: Vantage,
        only: Sequence[str],
        ports: str,
        now: datetime,
    ) -> "Order":
        """Return the order of a run that begins now."""
        return cls(
            only=tuple(only),
            ports=ports,
            profile_sha256=loaded.sha256,
            vantage=place.name(plan.networks),
            privilege=place.privilege,
            msptool=__version__,
            started_at=now,
        )


def begin(
    workspace: Workspace, order: Order, *, resume: bool, progress: Progress
) -> tuple[runs.Run, Order]:
    """Return the run to write, and the order that it began with."""
    cut = runs.cut_short(workspace, "audit")
    if resume:
        return _go_on(cut, order)
    run = runs.start(workspace, "audit")
    files.write(run.folder / ORDER, msgspec.json.encode(order))
    older = next((then for _, then in map(_read, cut) if then is not None), None)
    if older is not None and not _why_not(older, order):
        since = age((order.started_at - older.started_at).total_seconds())
        progress.done("history", f"an audit of {since} ago was cut short; --resume goes on with it")
    return run, order


def _go_on(cut: Sequence[runs.Run], order: Order) -> tuple[runs.Run, Order]:
    """Return the newest run that was cut short; raise UsageError where it cannot go on."""
    for run, then in map(_read, cut):
        if then is None:  # cut before it had an order: nothing was sent yet
            continue
        if why := _why_not(then, order):
            raise UsageError(
                "run.not-the-same",
                f"the audit that was cut short cannot go on: {why}",
                place=Place(file=str(run.folder)),
                hint="run it anew, without --resume",
            )
        return runs.reopen(run), then
    raise UsageError("run.none-cut", "no audit was cut short", hint="run it without --resume")


def _read(run: runs.Run) -> tuple[runs.Run, Order | None]:
    try:
        return run, msgspec.json.decode((run.folder / ORDER).read_bytes(), type=Order)
    except (OSError, msgspec.DecodeError):
        return run, None


def _why_not(then: Order, now: Order) -> str:
    """Return the first of what keeps a run from going on; "" if nothing does."""
    obstacles = (
        (now.started_at - then.started_at > FRESH, "it is older than a day"),
        (then.profile_sha256 != now.profile_sha256, "the profile has changed since"),
        (then.only != now.only, f"it looked at {' '.join(then.only) or 'the whole scope'}"),
        (then.ports != now.ports, f"it looked at {then.ports or 'the usual'} ports"),
        (then.vantage != now.vantage, f"it looked from {then.vantage}"),
        (then.privilege != now.privilege, f"it looked as {then.privilege}"),
        (then.msptool != now.msptool, f"msptool was {then.msptool}"),
    )
    return next((why for holds, why in obstacles if holds), "")
