"""Small assets for tests: what a test does not name does not matter to it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msptool import gate, runs
from msptool.audit import scope
from msptool.audit.asset import Asset, Interface, Neighbour, Service, Snmp
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.facts import AnyFact
from msptool.audit.journal import Logbook
from msptool.audit.mission import Mission
from msptool.audit.vantage import Vantage
from msptool.judge import Said
from msptool.profile.shape import Audit, Scope
from msptool.terminal import Progress
from msptool.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def asset(ident: str = "A", **fields: Any) -> Asset:
    return Asset(**{"id": ident, "kind": "server", "name": ident, "seen_at": NOW, **fields})


def service(port: int, **fields: Any) -> Service:
    return Service(**{"address": "192.0.2.7", "proto": "tcp", "port": port, **fields})


def spoken(port: int, name: str, greeting: str = "hello", **fields: Any) -> Service:
    return service(port, name=name, greeting=greeting, spoke=True, **fields)


def interface(name: str, **fields: Any) -> Interface:
    return Interface(**{"index": 1, "name": name, **fields})


def switch(ident: str, mac: str, stations: dict[str, str], *neighbours: Neighbour) -> Asset:
    agent = Snmp(stations=stations, neighbours=neighbours)
    return asset(ident, kind="network", macs=(mac,), snmp=agent)


def said(check: str, exhibit: Exhibit) -> list[Said]:
    return list(CHECKS.load()[check].judge(exhibit))


def logbook(folder: Path, **stages: Iterable[AnyFact]) -> Logbook:
    """Return the logbook of a run whose stages learnt these facts, a host a unit."""
    book = Logbook(runs.start(Workspace(folder), "audit"), "segment:192.0.2.0/24")
    for name, facts in stages.items():
        with book.stage(name) as journal:
            for number, fact in enumerate(facts):
                journal.add(f"{fact.address}/{number}", [fact])
            journal.end()
    return book


def mission(book: Logbook, allowed: Scope, today: date, **fields: Any) -> Mission:
    """Return a mission into a scope, by default from where nothing is our segment."""
    usual = {
        "run": book.run,
        "warrant": gate.Warrant.of(allowed, "UTC"),
        "plan": scope.plan(allowed, today),
        "vantage": Vantage((), "user"),
        "orders": Audit(),
        "nmap": "",
        "nmap_version": "",
        "today": today,
        "progress": Progress(None),
        "logbook": book,
    }
    return Mission(**{**usual, **fields})
