"""An audit, from authority to report. Reads as what an audit is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from msptool import clock, gate, identity, runs, secret
from msptool.audit import brought, conclude, court, look, nmap, resuming, scope, vantage
from msptool.audit.journal import Logbook
from msptool.audit.mission import Mission
from msptool.audit.ports import wanted
from msptool.audit.scope import Plan
from msptool.audit.snmp import credentials
from msptool.errors import PartDone
from msptool.model import Report
from msptool.profile.load import Loaded
from msptool.terminal import Progress
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Outcome:
    """A finished audit; `troubles` are probes that failed in part, by reason."""

    report: Report
    troubles: tuple[str, ...]

    @property
    def part_done(self) -> PartDone | None:
        """The error to raise after the report is told; None if every probe did its work."""
        if not self.troubles:
            return None
        return PartDone(
            "audit.part",
            f"not all was seen: {'; '.join(self.troubles)}",
            hint="what was seen is kept; run it again, or look at the evidence of the run",
        )


def audit(
    workspace: Workspace,
    loaded: Loaded,
    *,
    progress: Progress,
    only: Sequence[str] = (),
    resume: bool = False,
    ports: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Audit what the client authorised; the caller holds the workspace.

    `ports` replaces our list for this run (see ports.wanted). `resume` goes on with the newest
    audit that was cut short. Raises OutOfScope before anything is
    sent, ToolMissing before anything is written.
    """
    started_at = now or clock.now()
    today = scope.today(loaded.profile.client.zone, started_at)
    plan = scope.plan(loaded.profile.scope, today, only)
    program = nmap.program()
    leases = brought.read(workspace.root, loaded.profile.audit.hints)
    chosen = wanted(loaded.profile.audit.extra_ports, ports)
    known = credentials.of_profile(loaded, partial(secret.resolve, workspace=workspace))
    # All that may be damaged is read before anything is sent: a scan is not thrown away for it.
    identities = identity.load(workspace.identities)
    before = conclude.known_before(workspace, progress)
    place = vantage.look()
    order = resuming.Order.of(loaded, plan, place, only, ports, started_at)
    run, order = resuming.begin(workspace, order, resume=resume, progress=progress)
    mission = replace(
        _mission(run, loaded, plan, place, program, progress, today),
        communities=known,
        leases=leases,
        ports=chosen,
    )
    looked = look.look(mission)
    mine = conclude.Workplace(workspace, loaded, identities, before, order.started_at)
    report = conclude.conclude(mission, looked, mine)
    runs.commit(run, report)
    return Outcome(report, looked.troubles())


def _mission(  # noqa: PLR0917 - all of it is what a mission is
    run: runs.Run,
    loaded: Loaded,
    plan: Plan,
    place: vantage.Vantage,
    program: tuple[str, str],
    progress: Progress,
    today: date,
) -> Mission:
    agreed = court.consents(loaded.profile, today)
    return Mission(
        run=run,
        warrant=gate.Warrant.of(loaded.profile.scope, loaded.profile.client.zone),
        plan=plan,
        vantage=place,
        orders=loaded.profile.audit,
        nmap=program[0],
        nmap_version=program[1],
        today=today,
        progress=progress,
        logbook=Logbook(run, place.name(plan.networks)),
        try_defaults="default-credentials" in agreed,
        may_capture="capture" in agreed,
    )
