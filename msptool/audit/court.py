"""Bring the assets of an audit before the judge, with what could not be learnt and why."""

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain

from msgspec import structs

from msptool import judge
from msptool.audit import snmp, topology
from msptool.audit.asset import Asset, Service
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.look import AGENTS, Looked
from msptool.audit.mission import Mission
from msptool.audit.shelf import Shelf
from msptool.audit.snmp.engine import holds_at
from msptool.judge import Case
from msptool.model import Thing
from msptool.profile.shape import Profile

NEEDS = ("alive", "ports", "services", "snmp", "default-communities")


@dataclass(frozen=True)
class Scene:
    """The assets that answered; those known from earlier runs that did not; those that this run
    did not ask, kept for the next one; and how each known one looked when it was last seen (by id).
    """

    assets: Shelf
    gone: Shelf
    unasked: Shelf
    before: Shelf

    def known(self) -> Iterator[Asset]:
        """Yield those that this run asked, there or not."""
        return chain(self.assets.values(), self.gone.values())

    def all(self) -> Iterator[Asset]:
        """Yield all that the next run must know of."""
        return chain(self.known(), self.unasked.values())

    @cached_property
    def edges(self) -> tuple[topology.EdgePort, ...]:
        """The edge ports of all switches: checks and the map draw on the same."""
        return tuple(topology.edges(self.assets.values(), self.before.values()))


def consents(profile: Profile, today: date) -> frozenset[str]:
    """Return the modules that somebody at the client had agreed to by today."""
    return frozenset(
        consent.module
        for consent in profile.scope.consents
        if consent.by.strip() and consent.date <= today
    )


def judge_scene(
    scene: Scene, mission: Mission, profile: Profile, looked: Looked, now: datetime
) -> tuple[judge.Verdict, list[Thing]]:
    """Try every check of the audit on every asset; return the verdict and what it speaks of."""
    things: list[Thing] = []

    def cases() -> Iterator[Case[Exhibit]]:
        for case in _cases(scene, mission, profile, looked, now):
            things.append(case.thing)
            yield case

    verdict = judge.judge(
        CHECKS,
        cases(),
        client=profile.client.code,
        seen_at=now,
        consents=consents(profile, mission.today),
    )
    return verdict, things


def _cases(
    scene: Scene, mission: Mission, profile: Profile, looked: Looked, now: datetime
) -> Iterator[Case[Exhibit]]:
    protected = {match.lower() for job in profile.backup.jobs.values() for match in job.protects}
    borne = {alias.lower() for asset in scene.known() for alias in asset.aliases}
    place = mission.vantage.name(mission.plan.networks)
    for asset in scene.known():
        told = asset.snmp.communities if asset.snmp else ()
        previous = scene.before.get(asset.id)
        exhibit = Exhibit(
            asset=_with_unseen(asset, previous) if previous else asset,
            now=now,
            previous=previous,
            edge_ports=tuple(port for port in scene.edges if port.switch == asset.id),
            protected=_is_protected(asset, protected, borne),
            default_communities=tuple(c for c in told if c in snmp.DEFAULT_COMMUNITIES),
        )
        off = asset.id in scene.gone
        lacks = _lacks_all(asset, mission) if off else _lacks(asset, mission, looked)
        yield Case(asset.thing(), exhibit, lacks, place, mission.vantage.privilege)


def _with_unseen(asset: Asset, before: Asset) -> Asset:
    """Return an asset with the ports of addresses that this run did not see, as ports without a
    word: what was wrong there is unknown, and what is wrong here is found all the same.
    """
    if _as_wide(asset, before):
        return asset
    here = {service.part for service in asset.services}
    lost = [s for s in before.services if s.part not in here]
    silent = (Service(address=s.address, proto=s.proto, port=s.port) for s in lost)
    return structs.replace(asset, services=(*asset.services, *silent))


def _as_wide(asset: Asset, before: Asset) -> bool:
    """Tell whether this run saw all of a machine that the last one saw: each IPv4 address, and
    IPv6 if it had any. Of IPv6 addresses machines make new ones each day (RFC 8981).
    """
    now, then = ({ipaddress.ip_address(a) for a in one.addresses} for one in (asset, before))
    both = all(any(a.version == 6 for a in some) for some in (now, then))
    return all(a in now or (a.version == 6 and both) for a in then)


def _is_protected(asset: Asset, matches: Collection[str], borne: Collection[str]) -> bool | None:
    """Tell whether a job protects the asset; None where it tells no name, and some job protects a
    machine by a name or serial that nobody here bears: it may be this one.
    """
    if is_named(asset, matches):
        return True
    lost = {m for m in matches if m.startswith(("name:", "serial:")) and m not in borne}
    nameless = not any(alias.startswith("name:") for alias in asset.aliases)
    return None if lost and nameless else False


def is_named(asset: Asset, matches: Collection[str]) -> bool:
    """Tell whether one of `name:…`, `ip:…`, `mac:…`, `serial:…` names the asset."""
    known = {alias.lower() for alias in asset.aliases} | {f"serial:{asset.serial.lower()}"}
    return bool(known.intersection(matches))


def _lacks_all(asset: Asset, mission: Mission) -> Mapping[str, str]:
    """Return why nothing was learnt of a known asset: its IPv6 is found with raw sockets only."""
    asked = any(ipaddress.ip_address(a) in mission.plan.addresses for a in asset.addresses)
    able = asked or mission.vantage.privilege == "root"
    return dict.fromkeys(NEEDS, "host-off" if able else "no-privilege")


def _lacks(asset: Asset, mission: Mission, looked: Looked) -> Mapping[str, str]:
    """Return what could not be learnt of an asset, and why."""
    lacks: dict[str, str] = {}
    if not asset.ports_known:
        lacks["ports"] = looked.reason(asset.addresses, "ports") or "timed-out"
    if reason := looked.reason(asset.addresses, "services"):
        lacks["services"] = reason
    unasked = "not-asked" if looked.asked.isdisjoint(asset.addresses) else ""
    if reason := looked.reason(asset.addresses, *AGENTS) or unasked:
        lacks["snmp"] = lacks["default-communities"] = reason
    if asset.snmp is None and not _is_configured(asset, mission):
        lacks["snmp"] = "not-configured"
    elif asset.snmp is None:
        lacks.setdefault("snmp", asset.unread or "no-snmp")
    elif not asset.snmp.complete:
        lacks["snmp"] = "partial"
    return lacks


def _is_configured(asset: Asset, mission: Mission) -> bool:
    """Tell whether the profile has anything to ask an agent at these addresses with."""
    return mission.try_defaults or any(
        holds_at(credential, address)
        for credential in mission.communities
        for address in asset.addresses
    )
