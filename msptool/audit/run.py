"""An audit, from authority to report. Reads as what an audit is."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import structs

from msptool import clock, gate, identity, model, runs, secret
from msptool.audit import court, identify, look, nmap, scope, topology, vantage
from msptool.audit.asset import Asset
from msptool.audit.court import Scene
from msptool.audit.look import Looked
from msptool.audit.mission import Mission
from msptool.audit.scope import Plan
from msptool.audit.snmp import credentials
from msptool.errors import PartDone, UsageError
from msptool.judge import Verdict
from msptool.model import Evidence, Report, Thing
from msptool.profile.load import Loaded
from msptool.profile.shape import Profile
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
    now: datetime | None = None,
) -> Outcome:
    """Audit what the client authorised; the caller holds the workspace.

    Raises OutOfScope before anything is sent, ToolMissing before anything is written.
    """
    started_at = now or clock.now()
    today = scope.today(loaded.profile.client.zone, started_at)
    plan = scope.plan(loaded.profile.scope, today, only)
    path, version = nmap.program()
    # All that may be damaged is read before anything is sent: a scan is not thrown away for it.
    identities = identity.load(workspace.identities)
    before = known_before(workspace, progress)
    mission = _mission(workspace, loaded, plan, path, progress, today)
    looked = look.look(mission)
    scene = _scene(before, loaded.profile, identities, plan, looked, started_at)
    report = _report(mission, loaded, scene, looked, {"nmap": version}, started_at)
    runs.keep_facts(mission.run, "facts", looked.all().facts)
    runs.keep_facts(mission.run, "assets", (*scene.assets, *scene.gone, *scene.unasked))
    identities.save(workspace.identities, started_at)
    runs.commit(mission.run, report)
    return Outcome(report, looked.troubles())


def _mission(  # noqa: PLR0917 - all of it is what a mission is
    workspace: Workspace,
    loaded: Loaded,
    plan: Plan,
    path: str,
    progress: Progress,
    today: date,
) -> Mission:
    communities = credentials.of_profile(
        loaded, lambda reference: secret.resolve(reference, workspace)
    )
    return Mission(
        run=runs.start(workspace, "audit"),
        warrant=gate.Warrant.of(loaded.profile.scope, loaded.profile.client.zone),
        plan=plan,
        vantage=vantage.look(),
        orders=loaded.profile.audit,
        nmap=path,
        today=today,
        progress=progress,
        communities=communities,
        try_defaults="default-credentials" in court.consents(loaded.profile, today),
    )


def _scene(  # noqa: PLR0917
    kept: Sequence[Asset],
    profile: Profile,
    identities: identity.Identities,
    plan: Plan,
    looked: Looked,
    seen_at: datetime,
) -> Scene:
    """Merge the facts into assets, beside what the run before saw."""
    assets = identify.merge(
        looked.all().facts,
        identities,
        profile.assets,
        seen_at,
        ports_known=looked.ports.looked,
    )
    before = _by_id(kept, identities)
    here = {asset.id for asset in assets}
    absent = [asset for ident, asset in before.items() if ident not in here]
    gone = tuple(asset for asset in absent if _is_planned(asset, plan))
    unasked = tuple(asset for asset in absent if not _is_planned(asset, plan))
    return Scene(tuple(assets), gone, unasked, before)


def known_before(workspace: Workspace, progress: Progress) -> list[Asset]:
    """Return all assets that earlier runs saw, as the newest complete run that can be read says."""
    for folder in runs.folders(workspace, "audit"):
        try:
            if runs.load_manifest(folder).end.complete:
                return runs.load_facts(folder, "assets", Asset)
        except UsageError:
            progress.done("history", f"{folder.name} cannot be read; an older run is taken")
    return []


def _by_id(kept: Iterable[Asset], identities: identity.Identities) -> dict[str, Asset]:
    """Return known assets by the id that they have now."""
    now = [structs.replace(asset, id=identities.resolve(asset.id)) for asset in kept]
    return {asset.id: asset for asset in sorted(now, key=lambda asset: asset.seen_at)}


def _is_planned(asset: Asset, plan: Plan) -> bool:
    return any(plan.covers(ipaddress.ip_address(address)) for address in asset.addresses)


def _report(  # noqa: PLR0917
    mission: Mission,
    loaded: Loaded,
    scene: Scene,
    looked: Looked,
    tools: Mapping[str, str],
    started_at: datetime,
) -> Report:
    verdict = court.judge_scene(scene, mission, loaded.profile, looked, clock.now())
    evidence = (*looked.all().evidence, *_crashes(mission, verdict))
    return Report(
        header=runs.header(
            mission.run,
            loaded,
            started_at=started_at,
            tools=tools,
            vantage=mission.vantage.name(mission.plan.networks),
            privileged=mission.vantage.privilege,
        ),
        end=model.End(ended_at=clock.now(), complete=True),
        rules=verdict.rules,
        things=_things(mission.plan, scene),
        links=topology.links(scene.assets, scene.edges),
        attempts=verdict.attempts,
        findings=verdict.findings,
        evidence=tuple({e.sha256: e for e in evidence}.values()),
    )


def _crashes(mission: Mission, verdict: Verdict) -> list[Evidence]:
    """Keep where checks crashed, so that an attempt told as crashed can be traced."""
    return [
        runs.keep(mission.run, "crash.txt", told.encode(), source="judge", at=clock.now())
        for told in verdict.crashes
    ]


def _things(plan: Plan, scene: Scene) -> tuple[Thing, ...]:
    assets = [asset.thing() for asset in (*scene.assets, *scene.gone)]
    return (*assets, *_networks(plan, scene.assets))


def _networks(plan: Plan, assets: Iterable[Asset]) -> list[Thing]:
    """Return each authorised network as a thing, with how many machines it holds."""
    known = [ipaddress.ip_address(a) for asset in assets for a in asset.addresses]
    return [
        Thing(
            id=f"net:{network}",
            kind="network",
            name=str(network),
            facts={"addresses": sum(address in network for address in known)},
        )
        for network in plan.networks
    ]
