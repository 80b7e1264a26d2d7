"""From what the stages wrote down to a report: assets, one machine at a time, and the verdict."""

import ipaddress
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import structs

from msptool import clock, identity, model, runs
from msptool.audit import court, identify, reasons, topology
from msptool.audit.asset import Asset
from msptool.audit.court import Scene
from msptool.audit.drawers import Drawers
from msptool.audit.identify import Group, Keys
from msptool.audit.identify.shapes import Claim
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

_CLAIMS = msgspec.msgpack.Decoder(tuple[Claim, ...])
# Assets that this run met, until they stand beside those that it did not.
_MET = "met"


@dataclass(frozen=True)
class Workplace:
    """What a run is concluded with: the client's profile, ids, and the assets known before."""

    workspace: Workspace
    loaded: Loaded
    identities: identity.Identities
    before: Shelf
    started_at: datetime


def conclude(mission: Mission, looked: Looked, mine: Workplace) -> Report:
    """Make assets of the facts, judge them beside what the run before saw, and keep all of it."""
    evidence = runs.recorded(mission.run)
    met = _identified(mission, looked, mine, evidence)
    scene = _scene(met, mine.before.renamed(mine.identities.resolve), mission.plan)
    report = _report(mission, mine, scene, looked, evidence)
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


def _identified(
    mission: Mission, looked: Looked, mine: Workplace, evidence: Mapping[str, Evidence]
) -> Shelf:
    """Make the assets, each written down with its reasons as soon as it is made."""
    drawers = Drawers(looked.logbook, evidence, without=looked.ghosts)
    claims: dict[str, bytes] = {}
    seen_at, notes = mine.started_at, mine.loaded.profile.assets
    groups = identify.join(_keys(drawers, claims), mine.identities, seen_at)
    mine.identities.save(mine.workspace.identities, seen_at)
    known = looked.looked_at("ports")

    def assets() -> Iterator[Asset]:
        for group in groups:
            facts = [fact for address in group.addresses for fact in drawers.facts(address)]
            yield identify.asset(group, facts, notes, seen_at, ports_known=known)

    runs.keep_facts(mission.run, _MET, assets())
    why = (identify.explanation(_with(group, claims)) for group in groups)
    runs.keep_facts(mission.run, reasons.NAME, why)
    return Shelf.of(mission.run.folder / f"{_MET}.jsonl")


def _keys(drawers: Drawers, claims: dict[str, bytes]) -> Iterator[Keys]:
    """Yield what joining needs of each address. Who said what of it is laid aside, packed: it is
    the larger part, and needed only for the reasons.
    """
    for address in drawers:
        keys = identify.keys(address, drawers.facts(address))
        if keys is not None:
            claims[address] = zlib.compress(msgspec.msgpack.encode(keys.claims), level=1)
            yield structs.replace(keys, claims=())


def _with(group: Group, claims: Mapping[str, bytes]) -> Group:
    """Return a group with what was laid aside."""
    keys = (structs.replace(k, claims=_unpacked(claims[k.address])) for k in group.keys)
    return structs.replace(group, keys=tuple(keys))


def _unpacked(packed: bytes) -> tuple[Claim, ...]:
    return _CLAIMS.decode(zlib.decompress(packed))


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


def _report(
    mission: Mission,
    mine: Workplace,
    scene: Scene,
    looked: Looked,
    evidence: Mapping[str, Evidence],
) -> Report:
    profile = mine.loaded.profile
    verdict, things = court.judge_scene(scene, mission, profile, looked, clock.now())
    kept = (*evidence.values(), *_crashes(mission, verdict))
    return Report(
        header=runs.header(
            mission.run,
            mine.loaded,
            started_at=mine.started_at,
            tools={"nmap": mission.nmap_version},
            vantage=mission.vantage.name(mission.plan.networks),
            privileged=mission.vantage.privilege,
        ),
        end=model.End(ended_at=clock.now(), complete=True),
        rules=verdict.rules,
        things=(*things, *_networks(mission.plan, scene.assets.cards.values())),
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
