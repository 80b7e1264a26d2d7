"""The SNMP probe of an audit: which agents are asked with what, and what their answers are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from msptool.audit import families
from msptool.audit.facts import Snmp
from msptool.audit.hints import agents
from msptool.audit.journal import Journal
from msptool.audit.mib import TABLES
from msptool.audit.mission import Errand, Mission, Records, first, lots, work
from msptool.audit.scope import Address
from msptool.audit.snmp import DEFAULT_COMMUNITIES
from msptool.audit.snmp.engine import Credential
from msptool.audit.snmp.orders import GREETING_S, Orders
from msptool.audit.snmp.reasons import REASONS
from msptool.audit.vendors import AGENTS

# Requests to one agent go one after the other: with this pause under 40 in a second; and those to
# all agents, under 1,000.
PAUSE_S = {"gentle": 0.027, "normal": 0.0, "fast": 0.0}
PAUSE_ALL_S = {"gentle": 0.00105, "normal": 0.0, "fast": 0.0}
# Most hosts have no agent: their silence is what this stage takes, 3.5 s and, fast, 2.5.
GREETINGS_S = {"gentle": GREETING_S, "normal": GREETING_S, "fast": (0.3, 0.4, 0.7)}
# Hosts that one worker is told of: more would only fill memory.
TOGETHER = 1024
_OWN_ROWS = 300
_HOST_S = 60.0


def ask(mission: Mission, journal: Journal, hosts: Sequence[Address]) -> None:
    """Ask with the profile's credentials until one is let in and, with consent, with each of the
    default communities.
    """
    asked = groups(mission.communities, try_defaults=mission.try_defaults)
    given = msgspec.to_builtins(orders(asked, mission.orders.pace))
    read_all = partial(_in_order, [one.label for group in asked for one in group])
    troubles = []
    for here in lots(hosts, TOGETHER) if asked else ():
        limit_s = 30 + _HOST_S + 4 * len(here) * max(map(len, asked))
        errand = Errand("snmp", here, given, read_all, limit_s, trouble, among=len(hosts))
        troubles.append(work(mission, journal, errand))
    journal.end(first(troubles))


def _in_order(
    labels: Sequence[str], address: str, records: Records, at: datetime, evidence: str
) -> list[Snmp]:
    """Return what an agent said to each credential, in the order of the profile."""
    told = [record for record in records if record.get("community") in labels]
    told.sort(key=lambda record: labels.index(record["community"]))
    return read(address, told, at, evidence)


def orders(asked: Iterable[Sequence[Credential]], pace: str) -> Orders:
    """Return what the worker is told to ask."""
    known = families.shipped_families()
    return Orders(
        groups=tuple(map(tuple, asked)),
        tables=(*TABLES, *agents.TABLES),
        objects={number: tuple(oids) for number, oids in families.questions(known).items()},
        riddles=tuple(families.riddles(known)),
        agents=tuple(str(number) for number in AGENTS),
        own_rows=_OWN_ROWS,
        greeting_s=GREETINGS_S[pace],
        pause_s=PAUSE_S[pace],
        pause_all_s=PAUSE_ALL_S[pace],
    )


def read(
    address: str, records: Iterable[Mapping[str, Any]], at: datetime, evidence: str
) -> list[Snmp]:
    """Return what the worker's records of one host say. Pure; other lines are passed over."""
    return [
        Snmp(
            address=address,
            at=at,
            source="snmp",
            evidence=evidence,
            community=record["community"],
            rows=record["rows"],
            complete=record["complete"],
            error=record["error"],
        )
        for record in records
        if "community" in record and "rows" in record
    ]


def trouble(records: Iterable[Mapping[str, Any]]) -> str:
    """A request that we failed to make proves nothing: no agent, no default community. What an
    agent did, or would not do, is no trouble of ours.
    """
    failed = any(
        record["error"] and not record["rows"] and record["error"].partition(":")[0] not in REASONS
        for record in records
        if "rows" in record
    )
    return "probe-failed" if failed else ""


def groups(
    credentials: Sequence[Credential], *, try_defaults: bool
) -> list[tuple[Credential, ...]]:
    """Return what to ask with: the profile's in order, then each default one by itself.

    A default one that the profile names, too, is asked by itself: in the profile's group an agent
    that lets an earlier one in would never be asked with it.
    """
    defaults = DEFAULT_COMMUNITIES if try_defaults else ()
    known = tuple(c for c in credentials if c.community not in defaults)
    alone = [(Credential(label=name, community=name),) for name in defaults]
    return [group for group in (known, *alone) if group]
