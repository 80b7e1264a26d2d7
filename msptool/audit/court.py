"""Bring the assets of an audit before the judge, with what could not be learnt and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from msptool import judge
from msptool.audit import snmp, topology
from msptool.audit.asset import Asset
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.look import Looked
from msptool.audit.mission import Mission
from msptool.judge import Case
from msptool.profile.shape import Profile

NEEDS = ("alive", "ports", "services", "snmp", "default-communities")


@dataclass(frozen=True)
class Scene:
    """The assets that answered, those an earlier run saw and this one did not, and how each
    looked in the run before (by id).
    """

    assets: tuple[Asset, ...]
    gone: tuple[Asset, ...]
    before: Mapping[str, Asset]


def consents(profile: Profile) -> frozenset[str]:
    """Return the modules that the client agreed to."""
    return frozenset(consent.module for consent in profile.scope.consents)


def judge_scene(
    scene: Scene, mission: Mission, profile: Profile, looked: Looked, now: datetime
) -> judge.Verdict:
    """Try every check of the audit on every asset."""
    return judge.judge(
        CHECKS,
        _cases(scene, mission, profile, looked, now),
        client=profile.client.code,
        seen_at=now,
        consents=consents(profile),
    )


def _cases(
    scene: Scene, mission: Mission, profile: Profile, looked: Looked, now: datetime
) -> Iterator[Case[Exhibit]]:
    edges = topology.edges(scene.assets)
    protected = {match.lower() for job in profile.backup.jobs.values() for match in job.protects}
    place = mission.vantage.name(mission.plan.networks)
    for asset in (*scene.assets, *scene.gone):
        told = asset.snmp.communities if asset.snmp else ()
        exhibit = Exhibit(
            asset=asset,
            now=now,
            previous=scene.before.get(asset.id),
            edge_ports=tuple(port for port in edges if port.switch == asset.id),
            protected=is_named(asset, protected),
            default_communities=tuple(c for c in told if c in snmp.DEFAULT_COMMUNITIES),
        )
        off = asset in scene.gone
        lacks = dict.fromkeys(NEEDS, "host-off") if off else _lacks(asset, mission, looked)
        yield Case(asset.thing(), exhibit, lacks, place, mission.vantage.privilege)


def is_named(asset: Asset, matches: Collection[str]) -> bool:
    """Tell whether one of `name:…`, `ip:…`, `mac:…`, `serial:…` names the asset."""
    known = {alias.lower() for alias in asset.aliases} | {f"serial:{asset.serial.lower()}"}
    return bool(known.intersection(matches))


def _lacks(asset: Asset, mission: Mission, looked: Looked) -> Mapping[str, str]:
    """Return what could not be learnt of an asset, and why."""
    lacks: dict[str, str] = {}
    if not asset.ports_known:
        lacks["ports"] = looked.ports.trouble or "timed-out"
    if looked.grabs.trouble:
        lacks["services"] = looked.grabs.trouble
    if looked.agents.trouble:
        lacks["snmp"] = lacks["default-communities"] = looked.agents.trouble
    if asset.snmp is None:
        asked = mission.communities or mission.try_defaults
        lacks["snmp"] = "no-snmp" if asked else "not-configured"
    elif not asset.snmp.complete:
        lacks["snmp"] = "partial"
    return lacks
