"""Ask agents, in a process of their own; see workers/snmp for the limits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msptool.audit import families
from msptool.audit.facts import Snmp
from msptool.audit.journal import Journal
from msptool.audit.mib import SUBTREES
from msptool.audit.mission import Errand, Mission, Records, work
from msptool.audit.scope import Address
from msptool.audit.vendors import AGENTS

DEFAULT_COMMUNITIES = ("public", "private")
# Requests to one agent go one after the other: with this pause under 40 in a second.
REQUEST_PAUSE_S = {"gentle": 0.027, "normal": 0.0, "fast": 0.0}


def ask_snmp(mission: Mission, journal: Journal, hosts: Sequence[Address]) -> None:
    """Ask with the profile's communities until one answers and, with consent, with each of the
    default ones.
    """
    groups = _groups(mission.communities, try_defaults=mission.try_defaults)
    if not groups:
        journal.end()
        return
    orders = {
        "groups": groups,
        "subtrees": SUBTREES,
        "objects": families.questions(families.shipped_families()),
        "riddles": families.riddles(families.shipped_families()),
        "agents": [str(number) for number in AGENTS],
        "timeout_s": 1.0,
        "pause_s": REQUEST_PAUSE_S[mission.orders.pace],
        "retries": 1,
        "rows": 20_000,
        "host_seconds": 60,
        "parallel": 32,
    }
    limit_s = 90 + 4 * len(hosts) * max(map(len, groups))
    read = partial(read_agents, [label for group in groups for label, _ in group])
    journal.end(work(mission, journal, Errand("snmp", hosts, orders, read, limit_s, _trouble)))


def read_agents(
    labels: Sequence[str], _address: str, records: Records, at: datetime, evidence: str
) -> Iterator[Snmp]:
    """Yield what an agent told to each credential, in the order of their labels."""
    for record in sorted(records, key=lambda record: labels.index(record["community"])):
        yield Snmp(
            address=record["address"],
            at=at,
            source="snmp",
            evidence=evidence,
            community=record["community"],
            rows=record["rows"],
            complete=record["complete"],
            error=record["error"],
        )


def _trouble(records: Iterable[Mapping[str, Any]]) -> str:
    """A request that we failed to make proves nothing: no agent, no default community."""
    failed = any(record["error"] and not record["rows"] for record in records)
    return "probe-failed" if failed else ""


def _groups(
    communities: Sequence[tuple[str, str]], *, try_defaults: bool
) -> list[list[tuple[str, str]]]:
    """Return what to ask with: the profile's in order, then each default one by itself.

    A default one that the profile names, too, is asked by itself: in the profile's group an agent
    that answers an earlier one would never be asked with it.
    """
    defaults = DEFAULT_COMMUNITIES if try_defaults else ()
    known = [(label, community) for label, community in communities if community not in defaults]
    return [group for group in (known, *([(name, name)] for name in defaults)) if group]
