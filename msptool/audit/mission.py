"""What every probe of an audit needs, and how one is run: what it learns of a host is in the
stage's journal as soon as it is known.

A probe that fails costs its own facts, never the run: it says so by a reason of model.REASONS.
"""

import ipaddress
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

from msptool import clock, gate, process, runs
from msptool.audit import nmap, nmap_xml
from msptool.audit.facts import AnyFact
from msptool.audit.gauge import Gauge
from msptool.audit.hints.collecting import File
from msptool.audit.journal import Journal, Logbook
from msptool.audit.scope import Address, Plan
from msptool.audit.snmp.engine import Credential
from msptool.audit.vantage import Vantage
from msptool.profile.shape import Audit
from msptool.terminal import Progress

T = TypeVar("T")
# A worker's line: an agent's 20,000 rows take some 2 MB.
LINE_BYTES = 16 * 1024 * 1024
Records: TypeAlias = list[dict[str, Any]]
# Pure: (address, what the worker said of it, when, the evidence's name) to facts.
Read: TypeAlias = Callable[[str, Records, datetime, str], Iterable[AnyFact]]
ReadHost: TypeAlias = Callable[[nmap_xml.HostSeen, datetime, str], Iterable[AnyFact]]


@dataclass(frozen=True)
class Mission:
    """What every probe needs: authority, plan, place, tools, and where facts and evidence go."""

    run: runs.Run
    warrant: gate.Warrant
    plan: Plan
    vantage: Vantage
    orders: Audit
    nmap: str
    nmap_version: str
    today: date
    progress: Progress
    logbook: Logbook
    communities: tuple[Credential, ...] = ()
    try_defaults: bool = False
    may_capture: bool = False
    leases: tuple[File, ...] = ()
    ports: tuple[int, ...] = ()


def by_family(addresses: Iterable[Address]) -> Iterator[list[Address]]:
    """Yield the IPv4 addresses, then the IPv6 ones: nmap takes one family a call."""
    known = list(addresses)
    for version in (4, 6):
        family = [address for address in known if address.version == version]
        if family:
            yield family


def lots(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield items in lots of at most so many."""
    return (items[at : at + size] for at in range(0, len(items), size))


def first(troubles: Iterable[str]) -> str:
    """Return the first trouble that there is; "" where all went well."""
    return next(filter(None, troubles), "")


def _unwatched(*_: int) -> None:
    """Nobody else waits for the worker."""


@dataclass(frozen=True)
class Watch:
    """What whoever waits for a worker hears: its pid, and that it has ended, before anything is
    made of its end. Either may raise, where nobody waits any more: then nothing is.
    """

    started: Callable[[int], None] = _unwatched
    ended: Callable[[], None] = _unwatched


@dataclass(frozen=True)
class Errand:
    """What a worker of ours is to do: of whom to ask what, for how long, and how to read it.

    `doubt` tells by what was said of a host whether something went wrong with it; `among` is how
    many hosts the whole stage has, where these are some of them.
    """

    worker: str
    targets: Sequence[Address]
    orders: Mapping[str, Any]
    read: Read
    timeout_s: float
    doubt: Callable[[Records], str] = lambda _records: ""
    watch: Watch = Watch()
    among: int = 0


def work(mission: Mission, journal: Journal, errand: Errand) -> str:
    """Run a worker through the gate on the hosts that are left; return its trouble.

    A host's facts are written down when the worker says that it is done with it; what it said of
    the others, when it has ended, with the trouble as the reason why there is no more. A worker
    that ends well without a word of a host has not looked at it.
    """
    units = journal.left([str(target) for target in errand.targets])
    if not units:
        return ""
    said: dict[str, Records] = {unit: [] for unit in units}
    total = errand.among or len(errand.targets)
    gauge = Gauge(mission.progress, journal.name, total, len(journal.done))
    part = runs.Part(mission.run, journal.name, "jsonl")

    def settle(address: str, trouble: str = "") -> None:
        records = said.pop(address)
        facts, unread = _facts(errand, address, records, part.name)
        journal.add(address, facts, trouble or unread or errand.doubt(records))
        gauge.at(len(journal.done))

    def hear(record: dict[str, Any]) -> None:
        address = str(record.get("address", ""))
        if address in said and record.get("done"):
            settle(address)
        elif address in said:
            said[address].append(record)

    left = [ipaddress.ip_address(unit) for unit in units]
    trouble = _run_worker(mission, replace(errand, targets=left), part, hear)
    for address in list(said):
        settle(address, trouble or "cut-short")
    return trouble


def sweep(mission: Mission, journal: Journal, unit: str, errand: Errand) -> None:
    """Run a worker whose targets mostly keep silent: all that it hears is one unit."""
    if not journal.left([unit]):
        return
    heard: Records = []
    part = runs.Part(mission.run, journal.name, "jsonl")
    trouble = _run_worker(mission, errand, part, heard.append)
    facts, unread = _facts(errand, "", heard, part.name)
    journal.add(unit, facts, trouble or unread or errand.doubt(heard))


def _facts(
    errand: Errand, address: str, records: Records, evidence: str
) -> tuple[tuple[AnyFact, ...], str]:
    """Return the facts of some records and "", or none and why: they are kept as evidence."""
    try:
        return tuple(errand.read(address, records, clock.now(), evidence)), ""
    except Exception:  # noqa: BLE001 - one host's oddity must not end the run, and each resumed one
        return (), "unreadable"


def _run_worker(
    mission: Mission, errand: Errand, part: runs.Part, hear: Callable[[dict[str, Any]], None]
) -> str:
    lines = _Lines(part, hear)
    try:
        done = gate.scan(
            [sys.executable, "-I", "-m", f"msptool.audit.workers.{errand.worker}"],
            errand.targets,
            mission.warrant,
            timeout_s=errand.timeout_s,
            payload=json.dumps(errand.orders).encode(),
            on_data=lines.take,
            on_start=errand.watch.started,
        )
        errand.watch.ended()
    finally:
        part.close()
    if done.stderr:
        runs.record(mission.run, part.name.rpartition("-")[0], "txt", done.stderr)
    return _trouble(done)


def _trouble(done: process.Done) -> str:
    if done.timed_out:
        return "timed-out"
    return "" if done.returncode == 0 else "probe-failed"


def records(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the records among lines of a worker: one may be cut by its end, or be none."""
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield record


class _Lines:
    """Keeps what a worker prints, and hands on its records line by line."""

    def __init__(self, part: runs.Part, hear: Callable[[dict[str, Any]], None]) -> None:
        self._part = part
        self._hear = hear
        self._rest = b""

    def take(self, data: bytes) -> None:
        """Take the next piece; a line that never ends is dropped, as is one that is no record."""
        self._part.write(data)
        *whole, self._rest = (self._rest + data).split(b"\n")
        self._rest = self._rest if len(self._rest) <= LINE_BYTES else b"!"
        for record in records(whole):
            self._hear(record)


def scan(
    mission: Mission,
    journal: Journal,
    argv: list[str],
    targets: Mapping[str, Address],
    read: ReadHost,
    *,
    timeout_s: float,
) -> str:
    """Run nmap through the gate on the units that are left; return the scan's trouble.

    `targets` are addresses by the name of their unit. A host that nmap gave up is "timed-out".
    """
    left = journal.left(list(targets))
    if not left:
        return ""
    names = {str(targets[unit]): unit for unit in left}
    before = len(journal.done) - (len(targets) - len(left))  # of other calls in this stage
    gauge = Gauge(mission.progress, journal.name, len(targets), len(journal.done) - before)

    def take(seen: nmap_xml.HostSeen, evidence: str) -> None:
        unit = names.get(seen.address)
        if unit is not None and unit not in journal.done:
            facts = tuple(read(seen, clock.now(), evidence))
            journal.add(unit, facts, "" if seen.looked else "timed-out")
            gauge.at(len(journal.done) - before)

    def tell(percent: float) -> None:
        done = len(journal.done) - before
        gauge.at(done + min(nmap.GROUP, len(targets) - done) * percent / 100)

    wanted = [targets[unit] for unit in left]
    trouble = run_nmap(mission, journal.name, argv, wanted, take, timeout_s=timeout_s, tell=tell)
    for unit in journal.left(left):
        journal.add(unit, (), trouble or "cut-short")
    return trouble


def run_nmap(
    mission: Mission,
    stage: str,
    argv: list[str],
    targets: Sequence[Address],
    take: Callable[[nmap_xml.HostSeen, str], None],
    *,
    timeout_s: float,
    tell: Callable[[float], None] = lambda _percent: None,
) -> str:
    """Run nmap through the gate, its XML kept as evidence and read as it comes.

    `tell` hears how much of the hosts that it is at is done, in percent.
    """
    part, stream = runs.Part(mission.run, stage, "xml"), nmap_xml.Stream()
    asked = {str(target) for target in targets}

    def hear(data: bytes) -> None:
        part.write(data)
        for seen in stream.feed(data):
            if seen.address in asked:  # nobody else was to be looked at
                take(seen, part.name)
        for percent in nmap_xml.percents(data):
            tell(percent)

    try:
        done = gate.scan(argv, targets, mission.warrant, timeout_s=timeout_s, on_data=hear)
    finally:
        part.close()
    stream.close()
    return "" if stream.complete else ("timed-out" if done.timed_out else "cut-short")
