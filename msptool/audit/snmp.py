"""Ask agents, in a process of their own; see workers/snmp for the limits."""

from collections.abc import Sequence
from dataclasses import replace

from msptool import clock
from msptool.audit import families
from msptool.audit.facts import Snmp
from msptool.audit.mib import SUBTREES
from msptool.audit.mission import Catch, Mission, sha, work
from msptool.audit.scope import Address

DEFAULT_COMMUNITIES = ("public", "private")


def ask_snmp(mission: Mission, hosts: Sequence[Address]) -> Catch:
    """Ask with the profile's communities, then, with consent, with each default one."""
    catch = _ask(mission, hosts, mission.communities, every=False)
    if mission.try_defaults:
        known = {community for _, community in mission.communities}
        defaults = [(name, name) for name in DEFAULT_COMMUNITIES if name not in known]
        catch = catch.plus(_ask(mission, hosts, defaults, every=True))
    return catch


def _ask(
    mission: Mission,
    hosts: Sequence[Address],
    communities: Sequence[tuple[str, str]],
    *,
    every: bool,
) -> Catch:
    if not hosts or not communities:
        return Catch()
    orders = {
        "communities": communities,
        "subtrees": SUBTREES,
        "objects": families.questions(families.shipped_families()),
        "every": every,
        "timeout_s": 1.0,
        "retries": 1,
        "rows": 20_000,
        "host_seconds": 60,
        "parallel": 32,
    }
    limit_s = 90 + 4 * len(hosts) * len(communities)
    records, catch = work(mission, "snmp", hosts, orders, timeout_s=limit_s)
    facts = [
        Snmp(
            address=record["address"],
            at=clock.now(),
            source="snmp",
            evidence=sha(catch),
            community=record["community"],
            rows=record["rows"],
            complete=record["complete"],
            error=record["error"],
        )
        for record in records
    ]
    return replace(catch, facts=tuple(facts))
