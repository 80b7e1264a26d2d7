"""Hear what devices announce while the other probes work. Sends nothing; needs consent `capture`.

    with listen.listening(mission, consented="capture" in consents) as ears:
        ...the other stages...
    catch = ears.catch(macs)

What it is not allowed or not able to do stands in `ears.skipped`, a key of model.REASONS: that is
no failure of the audit.
"""

import json
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from msptool import clock, gate, runs
from msptool.audit.heard import reading
from msptool.audit.mission import Catch, Mission

WORKER = (sys.executable, "-I", "-m", "msptool.audit.workers.listen")
# In 40 s everyone who announces by LLDP (30 s) or RouterOS (30 s) was heard once; CDP takes 60 s.
USUAL_S = 40.0
MOST_S = 24 * 3600.0
LIMITS = {"rate_pps": 200, "most": 5_000, "most_a_sender": 64}


@dataclass
class Ears:
    """A listener while it runs, and what it heard when it has stopped.

    `skipped` is why there is none: no-consent, no-privilege, not-on-segment; "" where there is.
    """

    mission: Mission
    skipped: str = ""
    since_s: float = field(default_factory=clock.monotonic_s)
    _told: bytes = b""
    _trouble: str = ""

    def catch(self, macs: Collection[str] = ()) -> Catch:
        """Return what was heard of assets in the scope, of known MACs and of our own cable.

        Only after the listener stopped; its words are kept as evidence once.
        """
        if self.skipped:
            return Catch()
        at = clock.now()
        evidence = runs.keep(self.mission.run, "listen.jsonl", self._told, source="listen", at=at)
        records = _records(self._told)
        facts = reading.read(records, self.mission.plan, at, evidence.sha256, macs=macs)
        return Catch(tuple(facts), (evidence,), self._trouble or _trouble(records))

    def ended(self, told: bytes, code: int | None) -> None:
        """Take what the listener said, and how it ended."""
        self._told, self._trouble = told, "probe-failed" if code else ""


@contextmanager
def listening(
    mission: Mission, *, consented: bool, at_least_s: float = 0.0, most_s: float = MOST_S
) -> Iterator[Ears]:
    """Listen on our segments inside the scope while the body works, and at_least_s in all.

    Raises OutOfScope where the authorisation ended meanwhile.
    """
    interfaces = _interfaces(mission)
    skipped = _obstacle(mission, interfaces, consented=consented)
    ears = Ears(mission, skipped)
    if skipped:
        yield ears
        return
    orders = {"interfaces": interfaces, "seconds": most_s, **LIMITS}
    with tempfile.TemporaryFile() as heard:
        with gate.listening(WORKER, mission.warrant, json.dumps(orders).encode(), heard) as child:
            yield ears
            time.sleep(max(0.0, at_least_s - (clock.monotonic_s() - ears.since_s)))
        ears.ended(_all(heard), child.returncode)


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


def _obstacle(mission: Mission, interfaces: Collection[str], *, consented: bool) -> str:
    if not consented:
        return "no-consent"
    if not interfaces:
        return "not-on-segment"
    return "" if mission.vantage.privilege == "root" else "no-privilege"


def _records(told: bytes) -> list[dict[str, Any]]:
    found = []
    for line in told.splitlines():
        try:
            record = json.loads(line)
        except ValueError:  # cut by the end of the listener
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


def _trouble(records: Collection[dict[str, Any]]) -> str:
    """Return why not all announcements are known: limits, or an interface that went away."""
    cut = any(record.get("dropped") or record.get("lost") for record in records)
    return "partial" if cut else ""
