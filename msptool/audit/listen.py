"""Hear what devices announce while the stages work. Sends nothing; needs consent `capture`.

What it is not allowed or not able to do is a key of model.REASONS, and no failure of the audit.
"""

import json
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from msgspec import structs

from msptool import clock, gate, runs
from msptool.audit.facts import Heard
from msptool.audit.heard import reading
from msptool.audit.journal import Journal
from msptool.audit.mission import Mission, records

WORKER = (sys.executable, "-I", "-m", "msptool.audit.workers.listen")
# In 40 s everyone who announces by LLDP (30 s) or RouterOS (30 s) was heard once; CDP takes 60 s.
USUAL_S = 40.0
MOST_S = 24 * 3600.0
LIMITS = {"rate_pps": 200, "most": 5_000, "most_a_sender": 64}


def obstacle(mission: Mission) -> str:
    """Return why we do not listen: no-consent, not-on-segment, no-privilege; "" where we do."""
    if not mission.may_capture:
        return "no-consent"
    if not _interfaces(mission):
        return "not-on-segment"
    return "" if mission.vantage.privilege == "root" else "no-privilege"


@contextmanager
def listening(
    mission: Mission, journal: Journal, *, at_least_s: float = 0.0, most_s: float = MOST_S
) -> Iterator[None]:
    """Listen on our segments inside the scope while the body works, and at_least_s in all.

    A run that goes on listens anew. Raises OutOfScope where the authorisation ended meanwhile.
    """
    if obstacle(mission) or journal.ended:
        yield
        return
    orders = {"interfaces": _interfaces(mission), "seconds": most_s, **LIMITS}
    began_s = clock.monotonic_s()
    with tempfile.TemporaryFile() as heard:
        with gate.listening(WORKER, mission.warrant, json.dumps(orders).encode(), heard) as child:
            yield
            time.sleep(max(0.0, at_least_s - (clock.monotonic_s() - began_s)))
        _write_down(mission, journal, _all(heard), child.returncode)


def _write_down(mission: Mission, journal: Journal, told: bytes, code: int | None) -> None:
    evidence = runs.record(mission.run, journal.name, "jsonl", told)
    found = list(records(told.splitlines()))
    known = mission.logbook.macs()
    facts = reading.read(found, mission.plan, clock.now(), evidence, macs=known)
    placed = [fact if fact.address else _placed(fact, known) for fact in facts]
    journal.add("all", placed)
    journal.end("probe-failed" if code else _trouble(found))


def _placed(fact: Heard, known: Mapping[str, str]) -> Heard:
    """Return an announcement that names no address under the one whose MAC announced it."""
    return structs.replace(fact, address=known.get(fact.mac, ""))


def _all(heard: IO[bytes]) -> bytes:
    heard.seek(0)
    return heard.read()


def _interfaces(mission: Mission) -> list[str]:
    """Return our interfaces on a segment that the plan reaches."""
    networks = mission.plan.networks
    return sorted(
        {
            segment.interface
            for segment in mission.vantage.segments
            if any(segment.network.overlaps(network) for network in networks)
        }
    )


def _trouble(records: Collection[dict[str, Any]]) -> str:
    """Return why not all announcements are known: limits, or an interface that went away."""
    cut = any(record.get("dropped") or record.get("lost") for record in records)
    return "partial" if cut else ""
