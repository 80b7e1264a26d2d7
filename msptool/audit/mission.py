"""What every probe of an audit needs, and what it brings home.

A probe that fails costs its own facts, never the run: it says so by a reason of model.REASONS.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msptool import clock, gate, runs
from msptool.audit import nmap
from msptool.audit.facts import AnyFact
from msptool.audit.scope import Address, Plan
from msptool.audit.snmp.engine import Credential
from msptool.audit.vantage import Vantage
from msptool.model import Evidence
from msptool.profile.shape import Audit
from msptool.terminal import Progress


@dataclass(frozen=True)
class Mission:
    """What every probe needs: authority, plan, place, tools, and where evidence goes."""

    run: runs.Run
    warrant: gate.Warrant
    plan: Plan
    vantage: Vantage
    orders: Audit
    nmap: str
    today: date
    progress: Progress
    communities: tuple[Credential, ...] = ()
    try_defaults: bool = False


@dataclass(frozen=True)
class Catch:
    """What a probe brought home; `trouble` is a key of model.REASONS, "" where all went well."""

    facts: tuple[AnyFact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    trouble: str = ""
    looked: frozenset[str] = field(default_factory=frozenset)

    def plus(self, other: "Catch") -> "Catch":
        """Return both together; the first trouble stays."""
        return Catch(
            self.facts + other.facts,
            self.evidence + other.evidence,
            self.trouble or other.trouble,
            self.looked | other.looked,
        )


def by_family(addresses: Iterable[Address]) -> Iterator[list[Address]]:
    """Yield the IPv4 addresses, then the IPv6 ones: nmap takes one family a call."""
    for version in (4, 6):
        family = [address for address in addresses if address.version == version]
        if family:
            yield family


def work(
    mission: Mission,
    worker: str,
    targets: Sequence[Address],
    orders: Mapping[str, Any],
    *,
    timeout_s: float,
) -> tuple[list[dict[str, Any]], Catch]:
    """Run a worker of ours through the gate; keep what it printed as evidence."""
    argv = [sys.executable, "-I", "-m", f"msptool.audit.workers.{worker}"]
    done = gate.scan(
        argv,
        targets,
        mission.warrant,
        timeout_s=timeout_s,
        payload=json.dumps(orders).encode(),
    )
    evidence = runs.keep(mission.run, f"{worker}.jsonl", done.stdout, source=worker, at=clock.now())
    if done.ok:
        return list(_records(done.stdout)), Catch(evidence=(evidence,))
    words = runs.keep(mission.run, f"{worker}.txt", done.stderr, source=worker, at=clock.now())
    trouble = "timed-out" if done.timed_out else "probe-failed"
    return list(_records(done.stdout)), Catch(evidence=(evidence, words), trouble=trouble)


def _records(output: bytes) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def scan_with_nmap(
    mission: Mission, argv: list[str], targets: Sequence[Address], *, timeout_s: float
) -> tuple[nmap.Scan, Catch]:
    """Run nmap through the gate; keep its XML as evidence. A cut scan is a trouble."""
    done = gate.scan(argv, targets, mission.warrant, timeout_s=timeout_s)
    scan = nmap.parse(done.stdout)
    evidence = runs.keep(mission.run, "nmap.xml", done.stdout, source="nmap", at=clock.now())
    trouble = "" if scan.complete else ("timed-out" if done.timed_out else "cut-short")
    return scan, Catch(evidence=(evidence,), trouble=trouble)


def sha(catch: Catch) -> str:
    """Return the hash of the evidence that a probe's facts were read from."""
    return catch.evidence[0].sha256 if catch.evidence else ""
