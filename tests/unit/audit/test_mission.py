"""What is made of what programs say: of whom was asked, whole, and never silence as a word."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from msptool import gate, process
from msptool.audit import discovery
from msptool.audit.facts import Alive, AnyFact
from msptool.audit.journal import Logbook
from msptool.audit.mission import Errand, Mission, Records, run_nmap, sweep, work
from msptool.audit.nmap_xml import HostSeen
from msptool.audit.vantage import Segment, Vantage
from msptool.profile.shape import Scope
from tests.unit.audit.build import NOW, logbook, mission

A, B, C = (ip_address(f"192.0.2.{number}") for number in (7, 8, 9))
SCOPE = Scope(networks=("192.0.2.0/24",), authorised_by="A. Client", expires=NOW.date())


def prints(monkeypatch: pytest.MonkeyPatch, *pieces: bytes, code: int = 0) -> list[str]:
    """Let the gate's program print this; return whom it is told to ask."""
    asked: list[str] = []

    def scan(
        _argv: object,
        targets: Iterable[object],
        *_: object,
        on_data: Callable[[bytes], None],
        **__: object,
    ) -> process.Done:
        asked.extend(map(str, targets))
        for piece in pieces:
            on_data(piece)
        return process.Done((), code, b"", b"", 0.1)

    monkeypatch.setattr(gate, "scan", scan)
    return asked


def sent(folder: Path, **fields: object) -> tuple[Mission, Logbook]:
    book = logbook(folder)
    return mission(book, SCOPE, NOW.date(), **fields), book


def line(**record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def said(address: str, records: Records, at: datetime, evidence: str) -> list[AnyFact]:
    return [Alive(address=address, at=at, source=str(r["x"]), evidence=evidence) for r in records]


def test_a_host_is_done_when_its_worker_says_so_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign, record = line(address="192.0.2.99", x=1), line(address=str(A), x=2)
    garbage = b"[" * 100_000 + b"\n{\n\xff\n7\n" + line(done=True)
    done = line(address=str(A), done=True)
    prints(monkeypatch, foreign, garbage, record[:9], record[9:] + done, line(address=str(B), x=3))
    mine, book = sent(tmp_path)
    with book.stage("udp") as journal:
        assert work(mine, journal, Errand("udp", [A, B, C], {}, said, 1.0)) == ""
    assert journal.done == {str(A): "", str(B): "cut-short", str(C): "cut-short"}
    assert [(f.address, f.source) for f in book.facts("udp")] == [(str(A), "2"), (str(B), "3")]


def test_a_worker_that_dies_leaves_its_hosts_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = prints(monkeypatch, line(address=str(A), done=True), code=-9)
    mine, book = sent(tmp_path)
    with book.stage("udp") as journal:
        journal.add(str(C), [])
        assert work(mine, journal, Errand("udp", [A, B, C], {}, said, 1.0)) == "probe-failed"
    assert asked == [str(A), str(B)]
    assert journal.done == {str(C): "", str(A): "", str(B): "probe-failed"}


def test_an_answer_that_breaks_its_reader_costs_its_own_facts_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dones = [line(address=str(host), done=True) for host in (A, B)]
    prints(monkeypatch, line(address=str(A), y=1), line(address=str(B), x=1), *dones)
    mine, book = sent(tmp_path)
    with book.stage("udp") as journal:
        assert work(mine, journal, Errand("udp", [A, B], {}, said, 1.0)) == ""
    assert journal.done == {str(A): "unreadable", str(B): ""}
    assert [fact.address for fact in book.facts("udp")] == [str(B)]


def test_records_without_an_address_are_none_of_a_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: dict[str, object] = {"address": str(A), "mac": "02:00:00:00:00:01", "source": "arp"}
    bad: list[dict[str, object]] = [
        {},
        {**whole, "address": 7},
        {**whole, "address": "10.0.0.1"},
        {"address": str(B)},
    ]
    prints(monkeypatch, *(line(**record) for record in (*bad, whole)))
    mine, book = sent(tmp_path)
    read = partial(discovery._answers, mine)
    with book.stage("discover") as journal:
        sweep(mine, journal, "a-b", Errand("arp", [A], {}, read, 1.0))
    assert [fact.address for fact in book.facts("discover")] == [str(A)]


XML = """<nmaprun scanner="nmap" args="nmap"><host><status state="up"/><address addr="{}"
addrtype="ipv4"/></host><host><status state="up"/><address addr="192.0.2.99" addrtype="ipv4"/>
</host><runstats><finished exit="success"/></runstats></nmaprun>"""


def test_hosts_that_nmap_was_not_asked_about_are_nobodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints(monkeypatch, XML.format(A).encode())
    mine, _ = sent(tmp_path)
    seen: list[str] = []

    def take(host: HostSeen, _evidence: str) -> None:
        seen.append(host.address)

    run_nmap(mine, "discover", [], [A, B], take, timeout_s=1.0)
    assert seen == [str(A)]


def test_we_do_not_look_at_ourselves_though_everybody_has_us_in_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = prints(monkeypatch, XML.format(B).encode())
    ours = Segment("eth0", A, ip_network("192.0.2.0/24"), "")
    mine, book = sent(tmp_path, vantage=Vantage((ours,), "user"))
    with book.stage("hinted") as journal:
        discovery.ask_again(mine, journal, [str(A), str(B)])
    assert asked == [str(B)]
    assert [fact.address for fact in book.facts("hinted")] == [str(B)]
