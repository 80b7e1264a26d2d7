"""From what the stages wrote down to a report: assets, one machine at a time, and the verdict."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msptool import clock, identity, model, runs
from msptool.audit import court, identify, reasons, topology
from msptool.audit.asset import Asset
from msptool.audit.court import Scene
from msptool.audit.drawers import Drawers
from msptool.audit.look import Looked
from msptool.audit.mission import Mission
from msptool.audit.scope import Plan
from msptool.audit.shelf import EMPTY, Card, Shelf
from msptool.errors import UsageError
from msptool.judge import Verdict
from msptool.model import Evidence, Report, Thing
from msptool.profile.load import Loaded
from msptool.terminal import Progress
from msptool.workspace import Workspace

# Assets that this run met, until they stand beside those that it did not.
_MET = "met"


def conclude(
    mission: Mission,
    loaded: Loaded,
    looked: Looked,
    identities: identity.Identities,
    before: Shelf,
    *,
    started_at: datetime,
) -> Report:
    """Make assets of the facts, judge them beside what the run before saw, and keep all of it."""
    evidence = runs.recorded(mission.run)
    met = _identified(mission, loaded, looked, evidence, identities, started_at)
    scene = _scene(met, before.renamed(identities.resolve), mission.plan)
    report = _report(mission, loaded, scene, looked, evidence, started_at)
    runs.keep_facts(mission.run, "assets", scene.all())
    (mission.run.folder / f"{_MET}.jsonl").unlink()
    return report


def known_before(workspace: Workspace, progress: Progress) -> Shelf:
    """Return all assets that earlier runs saw, as the newest complete run that can be read says."""
    for folder in runs.folders(workspace, "audit"):
        try:
            if runs.load_manifest(folder).end.complete:
                path = runs.facts_file(folder, "assets")
                return EMPTY if path is None else Shelf.of(path)
        except UsageError:
            progress.done("history", f"{folder.name} cannot be read; an older run is taken")
    return EMPTY


def _identified(  # noqa: PLR0917
    mission: Mission,
    loaded: Loaded,
    looked: Looked,
    evidence: Mapping[str, Evidence],
    identities: identity.Identities,
    seen_at: datetime,
) -> Shelf:
    """Make the assets, each written down with its reasons as soon as it is made."""
    drawers = Drawers(looked.logbook, evidence, without=looked.ghosts)
    met = (identify.keys(address, drawers.facts(address)) for address in drawers)
    groups = identify.join((one for one in met if one is not None), identities, seen_at)
    known = looked.looked_at("ports")

    def assets() -> Iterator[Asset]:
        for group in groups:
            facts = [fact for address in group.addresses for fact in drawers.facts(address)]
            yield identify.asset(group, facts, loaded.profile.assets, seen_at, ports_known=known)

    runs.keep_facts(mission.run, _MET, assets())
    runs.keep_facts(mission.run, reasons.NAME, map(identify.explanation, groups))
    return Shelf.of(mission.run.folder / f"{_MET}.jsonl")


def _scene(met: Shelf, before: Shelf, plan: Plan) -> Scene:
    """Put what was seen beside what the run before saw."""
    absent = before.only(lambda card: card.id not in met)
    return Scene(
        met,
        absent.only(lambda card: _is_planned(card, plan)),
        absent.only(lambda card: not _is_planned(card, plan)),
        before,
    )


def _is_planned(card: Card, plan: Plan) -> bool:
    return any(plan.covers(ipaddress.ip_address(address)) for address in card.addresses)


def _report(  # noqa: PLR0917
    mission: Mission,
    loaded: Loaded,
    scene: Scene,
    looked: Looked,
    evidence: Mapping[str, Evidence],
    started_at: datetime,
) -> Report:
    verdict = court.judge_scene(scene, mission, loaded.profile, looked, clock.now())
    kept = (*evidence.values(), *_crashes(mission, verdict))
    return Report(
        header=runs.header(
            mission.run,
            loaded,
            started_at=started_at,
            tools={"nmap": mission.nmap_version},
            vantage=mission.vantage.name(mission.plan.networks),
            privileged=mission.vantage.privilege,
        ),
        end=model.End(ended_at=clock.now(), complete=True),
        rules=verdict.rules,
        things=tuple(_things(mission.plan, scene)),
        links=topology.links(scene.assets.values(), scene.edges),
        attempts=verdict.attempts,
        findings=verdict.findings,
        evidence=tuple({e.sha256: e for e in kept}.values()),
    )


def _crashes(mission: Mission, verdict: Verdict) -> list[Evidence]:
    """Keep where checks crashed, so that an attempt told as crashed can be traced."""
    return [
        runs.keep(mission.run, "crash.txt", told.encode(), source="judge", at=clock.now())
        for told in verdict.crashes
    ]


def _things(plan: Plan, scene: Scene) -> Iterator[Thing]:
    for asset in scene.known():
        yield asset.thing()
    yield from _networks(plan, scene.assets.cards.values())


def _networks(plan: Plan, cards: Iterable[Card]) -> Iterator[Thing]:
    """Yield each authorised network as a thing, with how many machines it holds."""
    known = [ipaddress.ip_address(address) for card in cards for address in card.addresses]
    for network in plan.networks:
        yield Thing(
            id=f"net:{network}",
            kind="network",
            name=str(network),
            facts={"addresses": sum(address in network for address in known)},
        )
