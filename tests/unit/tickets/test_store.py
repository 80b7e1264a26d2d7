"""Files: where they lie, how they are rewritten, and that nothing in them is ever lost."""

import stat
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from msptool.errors import PartDone, UsageError
from msptool.tickets import events, fold, ids, receipts, store
from msptool.tickets.acts import asking
from msptool.tickets.receipts import Receipt
from tests.unit.tickets.site import HOUR, T0, Site, finding, report, ulid_at


def _add(site: Site, title: str = "a printer") -> str:
    return site.act(asking.add, title).id


def _comment(site: Site, ident: str, text: str) -> None:
    site.comment(ident, text)


def test_a_ticket_lies_in_its_shard_and_is_private(site: Site) -> None:
    ident = _add(site)
    (path,) = site.workspace.tickets.glob("*/*")
    assert path == site.workspace.tickets / ids.drawn_part(ident)[:2] / f"{ident}.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_bytes().startswith(b'{"event":"opened"')


def test_a_new_event_changes_the_folder_so_that_an_index_can_tell(site: Site) -> None:
    ident = _add(site)
    shard = store.path_of(site.workspace, ident).parent
    inode = store.path_of(site.workspace, ident).stat().st_ino
    before = shard.stat().st_mtime_ns
    _comment(site, ident, "hello")
    assert shard.stat().st_mtime_ns > before
    assert store.path_of(site.workspace, ident).stat().st_ino != inode


def test_lines_that_are_no_events_stay_in_place_and_are_told(site: Site) -> None:
    ident = _add(site)
    path = store.path_of(site.workspace, ident)
    foreign = [b"<<<<<<< ours", b"\x00\xff\xfe", b'{"event":"closed","eid":"torn']
    path.write_bytes(b"\n".join([foreign[0], path.read_bytes().rstrip(), *foreign[1:]]))
    _comment(site, ident, "after the torn tail")
    with site.desk() as desk:
        ticket, problems = desk.look(ident)
    assert [problem.line for problem in problems] == [1, 3, 4]
    assert len(ticket.history) == 2
    lines = path.read_bytes().splitlines()
    assert [lines[0], lines[2], lines[3]] == foreign


def test_a_file_without_an_opening_is_told_and_never_written_to(site: Site) -> None:
    ident, other = _add(site), _add(site)
    path = store.path_of(site.workspace, ident)
    path.write_bytes(b'{"torn')
    assert site.only().id == other
    assert {problem.path for problem in site.problems()} == {path}
    with pytest.raises(PartDone):
        _comment(site, ident, "x")
    assert path.read_bytes() == b'{"torn'


@pytest.mark.parametrize("name", ["notes.jsonl", "ACME-000000-1.jsonl", "{ident}.jsonl"])
def test_files_that_are_no_tickets_are_told(site: Site, name: str) -> None:
    ident = _add(site)
    data = store.path_of(site.workspace, ident).read_bytes()
    shard = site.workspace.tickets / ("ZZ" if not ident.startswith("ACME-ZZ") else "YY")
    shard.mkdir()
    (shard / name.format(ident=ident)).write_bytes(data)
    assert site.only().id == ident
    assert len(site.problems()) == 1


def test_leftovers_beside_tickets_are_passed_over(site: Site) -> None:
    ident = _add(site)
    path = store.path_of(site.workspace, ident)
    path.with_name(f".{path.name}.123.tmp").write_bytes(b"half")
    path.with_name(f"{path.name}.orig").write_bytes(b"git")
    (site.workspace.tickets / "README").write_bytes(b"hello")
    assert (site.only().id, site.problems()) == (ident, ())


def test_a_link_in_place_of_a_ticket_is_not_followed(site: Site, tmp_path: Path) -> None:
    ident = _add(site)
    path = store.path_of(site.workspace, ident)
    (tmp_path / "elsewhere").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert not site.all()
    assert len(site.problems()) == 1


def test_no_store_is_an_empty_one(site: Site) -> None:
    assert (site.all(), site.problems()) == ([], ())
    with pytest.raises(UsageError, match="there is no ticket"):
        site.read(ids.draw("ACME"))


def test_draws_avoid_what_is_there(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = _add(site)
    free = [ids.draw("ACME"), ids.draw("ACME")]
    stream = iter([taken, free[0], free[0], taken, free[1]])
    monkeypatch.setattr(ids, "draw", lambda _client: next(stream))
    with site.desk() as desk:
        assert [desk.draw(), desk.draw()] == free


def test_an_event_of_a_newer_version_is_kept_shown_and_refuses_only_to_close(site: Site) -> None:
    site.ingest(report(T0, finding()))
    ident = site.only().id
    path = store.path_of(site.workspace, ident)
    line = b'{"event":"visited","eid":"%s","n":2,"by":"x@y","at":"2026-11-02T09:00:00Z","km":4}\n'
    path.write_bytes(path.read_bytes() + line % ulid_at(T0).encode())
    with pytest.raises(UsageError, match="visited"):
        site.close(ident, reason="fixed")
    _comment(site, ident, "still works")
    ticket = site.only()
    assert (ticket.state, ticket.unknown) == ("open", ("visited",))
    assert b'"km":4' in path.read_bytes()
    assert site.ingest(report(T0 + HOUR, finding())).seen == (ident,)


def test_receipts_merged_by_union_are_read_as_one(site: Site) -> None:
    run = ulid_at(T0)
    one = Receipt(
        run=run, kind="audit", started_at=T0, ingested_at=T0, whole=False, seen={"f1a": "A"}
    )
    receipts.write(site.workspace, one)
    path = receipts.path_of(site.workspace, run)
    two = msgspec.structs.replace(one, whole=True, seen={"f1b": "B"})
    path.write_bytes(path.read_bytes() + msgspec.json.encode(two) + b"\n" + b"torn")
    merged = receipts.load(site.workspace, run)
    assert merged is not None
    assert (merged.whole, merged.seen) == (True, {"f1a": "A", "f1b": "B"})
    path.write_bytes(b"\xff\n[")
    assert receipts.load(site.workspace, run) is None


def test_last_seen_is_the_newest_run_that_saw_it(site: Site) -> None:
    site.ingest(report(T0, finding()))
    second = report(T0 + HOUR, finding())
    site.ingest(second)
    site.ingest(report(T0 + 2 * HOUR, finding(part="tcp/80"), attempts=()))
    ident = min(site.all(), key=lambda t: t.opened_at).id
    last = receipts.last_seen(site.workspace, ident)
    assert last is not None
    assert last.run == second.header.run


GOLDEN = Path(__file__).parents[2] / "seam" / "v1" / "tickets"


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.jsonl")))
def test_golden_files_load_for_ever(name: str) -> None:
    path = GOLDEN / f"{name}.jsonl"
    known, problems = store.parse(path, path.read_bytes())
    ticket = fold.fold(name, known)
    assert ids.is_id(name)
    assert ticket is not None
    assert not problems
    told = msgspec.json.decode(msgspec.json.encode(ticket)) | {"priority": ticket.priority}
    expected = msgspec.json.decode(path.with_suffix(".json").read_bytes())
    assert {key: told[key] for key in expected} == expected


def test_golden_files_show_every_kind_of_event_as_we_write_it_today() -> None:
    lines = [line for path in GOLDEN.glob("*.jsonl") for line in path.read_bytes().splitlines()]
    known = {type(events.decode(line)) for line in lines}
    assert known == {*get_args(events.Known), events.Unknown}
    whole = [line for line in lines if b"mood" not in line and b"visited" not in line]
    assert [events.encode(events.decode(line)) for line in whole] == whole
