"""When we may not listen, and what is made of a listener's words."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from msptool import gate
from msptool.audit import listen
from msptool.audit.journal import Journal
from msptool.audit.mission import Mission
from msptool.audit.vantage import Segment, Vantage
from msptool.clock import now
from msptool.model import Privilege
from msptool.profile.shape import Scope
from tests.unit.audit import build
from tests.unit.audit.heard.frames_of import every

TODAY = now().date()
ALLOWED = Scope(networks=("198.51.100.0/24",), authorised_by="A. Client", expires=TODAY)


def mission(
    folder: Path,
    *,
    consented: bool = True,
    privilege: Privilege = "root",
    network: str = "198.51.100.0/24",
) -> Mission:
    ours = ipaddress.ip_network(network)
    segment = Segment("eth0", ours.network_address + 1, ours, "02:00:5e:10:00:01")
    place = Vantage((segment,), privilege)
    book = build.logbook(folder)
    return build.mission(book, ALLOWED, TODAY, vantage=place, may_capture=consented)


def listened(ordered: Mission, stage: str = "listen") -> Journal:
    with ordered.logbook.stage(stage) as journal, listen.listening(ordered, journal):
        pass
    return journal


def hear(patch: pytest.MonkeyPatch, words: bytes, code: int = 0) -> None:
    """Let a listener say these words, and end so."""

    @contextmanager
    def said(
        _argv: object, _warrant: object, _orders: bytes, into: IO[bytes]
    ) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(returncode=code)
        into.write(words)

    patch.setattr(gate, "listening", said)


@pytest.mark.parametrize(
    ("consented", "privilege", "network", "reason"),
    [
        (False, "root", "198.51.100.0/24", "no-consent"),
        (True, "user", "198.51.100.0/24", "no-privilege"),
        (True, "root", "203.0.113.0/24", "not-on-segment"),
    ],
)
def test_what_keeps_us_from_listening_is_said_and_starts_nothing(
    tmp_path: Path, consented: bool, privilege: Privilege, network: str, reason: str
) -> None:
    ordered = mission(tmp_path, consented=consented, privilege=privilege, network=network)
    assert listen.obstacle(ordered) == reason
    journal = listened(ordered)  # the audit hook of all unit tests sees a program that starts
    assert (list(journal.units()), journal.trouble) == ([], "")


def test_words_of_a_listener_become_facts_with_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = next(raw for raw in every() if raw[12:14] == b"\x88\xcc").hex()
    line = f'{{"interface": "eth0", "frame": "{raw}"}}\n'
    words = f'{{"ready": ["eth0"]}}\n{line}{line}Warning: odd\n{line[:50]}'.encode()
    hear(monkeypatch, words)
    ordered = mission(tmp_path)
    for _ in ("begun", "resumed"):
        journal = listened(ordered)
    (unit,), (evidence,) = journal.units(), (ordered.run.folder / "evidence").iterdir()
    (fact,) = unit.facts
    assert (fact.address, fact.evidence) == ("198.51.100.7", evidence.name)
    assert evidence.read_bytes() == words
    assert (journal.ended, journal.trouble) == (True, "")


def test_a_listener_that_fell_or_had_to_drop_some_is_a_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = mission(tmp_path)
    hear(monkeypatch, b'{"done": true, "dropped": 7}\n')
    assert listened(ordered, "dropped").trouble == "partial"
    lost = b'{"lost": "eth1", "error": "no such device"}\n{"done": true, "dropped": 0}\n'
    hear(monkeypatch, lost)
    assert listened(ordered, "lost").trouble == "partial"
    hear(monkeypatch, b"Traceback\n", 1)
    assert listened(ordered, "fell").trouble == "probe-failed"
