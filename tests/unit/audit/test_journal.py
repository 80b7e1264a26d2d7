"""A stage on disk: what is whole is kept, what is torn is asked again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool import runs
from msptool.audit.facts import Alive
from msptool.audit.journal import Journal, Logbook
from msptool.workspace import Workspace
from tests.unit.audit.build import NOW

HOSTS = [f"192.0.2.{number}" for number in range(1, 6)]


def alive(address: str) -> Alive:
    return Alive(address=address, at=NOW, source="arp", evidence="discover-1.jsonl")


def written(path: Path, count: int, *, ended: bool) -> None:
    with Journal("ports", path, "routed") as journal:
        for address in HOSTS[:count]:
            journal.add(address, [alive(address)], "timed-out" if address == HOSTS[0] else "")
        if ended:
            journal.end("cut-short")


def test_what_was_written_comes_back_with_where_we_stood(tmp_path: Path) -> None:
    path = tmp_path / "ports.jsonl"
    written(path, 2, ended=True)
    with Journal("ports", path) as journal:
        assert journal.done == {HOSTS[0]: "timed-out", HOSTS[1]: ""}
        assert journal.ended and journal.trouble == "cut-short"
        assert journal.left(HOSTS) == []
        facts = [fact for unit in journal.units() for fact in unit.facts]
    assert [(fact.address, fact.vantage) for fact in facts] == [(h, "routed") for h in HOSTS[:2]]


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0))
def test_a_journal_cut_anywhere_goes_on_after_its_last_whole_host(
    tmp_path_factory: pytest.TempPathFactory, at: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "ports.jsonl"
    written(path, len(HOSTS), ended=True)
    whole = path.read_bytes()
    path.write_bytes(whole[: at % len(whole)])
    lines = path.read_bytes().count(b"\n")
    with Journal("ports", path) as journal:
        assert list(journal.done) == HOSTS[:lines] and not journal.ended
        assert journal.left(HOSTS) == HOSTS[lines:]
        for address in journal.left(HOSTS):
            journal.add(address, [alive(address)])
        journal.end()
    with Journal("ports", path) as journal:
        assert [unit.unit for unit in journal.units()] == HOSTS


def test_a_stage_that_is_left_by_an_error_has_not_ended(tmp_path: Path) -> None:
    path = tmp_path / "ports.jsonl"
    with pytest.raises(KeyboardInterrupt), Journal("ports", path) as journal:
        journal.add(HOSTS[0], [])
        raise KeyboardInterrupt
    with Journal("ports", path) as journal:
        assert not journal.ended and journal.left(HOSTS) == HOSTS[1:]


def test_a_logbook_tells_stages_apart_and_what_went_wrong_in_them(tmp_path: Path) -> None:
    book = Logbook(runs.start(Workspace(tmp_path), "audit"))
    with book.stage("discover") as journal:
        journal.add("a-b", [alive(HOSTS[0])])
        journal.end()
    with book.stage("ports") as journal:
        journal.add(HOSTS[0], [alive(HOSTS[1])], "timed-out")
        journal.end()
    assert [fact.address for fact in book.facts("discover")] == HOSTS[:1]
    assert [fact.address for fact in book.facts()] == HOSTS[:2]
    assert book.troubles() == {"ports": "timed-out"}


def test_evidence_of_a_second_try_stands_beside_the_first(tmp_path: Path) -> None:
    run = runs.start(Workspace(tmp_path), "audit")
    for text in (b"one", b"two"):
        part = runs.Part(run, "ports", "xml")
        part.write(text)
        part.close()
    kept = runs.recorded(run)
    assert list(kept) == ["ports-1.xml", "ports-2.xml"]
    assert [(e.source, e.kind, e.size_bytes) for e in kept.values()] == [("ports", "xml", 3)] * 2
