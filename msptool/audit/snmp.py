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


def ask_snmp(mission: Mission, alive: Sequence[Address]) -> Catch:
    """Ask with the profile's communities, then, with consent, with the default ones.

    A default community is walked only on hosts that know none of the client's.
    """
    catch = _ask(mission, alive, mission.communities, every=False)
    if not mission.try_defaults:
        return catch
    known = {community for _, community in mission.communities}
    defaults = [(name, name) for name in DEFAULT_COMMUNITIES if name not in known]
    answered = {fact.address for fact in catch.facts}
    for told in (True, False):
        hosts = [address for address in alive if (str(address) in answered) is told]
        catch = catch.plus(_ask(mission, hosts, defaults, every=True, only_system=told))
    return catch


def _ask(
    mission: Mission,
    hosts: Sequence[Address],
    communities: Sequence[tuple[str, str]],
    *,
    every: bool,
    only_system: bool = False,
) -> Catch:
    if not hosts or not communities:
        return Catch()
    orders = {
        "communities": communities,
        "subtrees": SUBTREES,
        "objects": families.questions(families.shipped_families()),
        "only_system": only_system,
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
