"""The store doctor: finds every kind of trouble, mends without losing a byte, and only once."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from msptool import files
from msptool.tickets import attachments, database, events, ids, redact, store
from msptool.tickets.acts import asking, changing, ending, tying, working
from msptool.tickets.doctor import gitfiles, indexed, mend, troubles
from msptool.tickets.doctor import look as looking
from msptool.tickets.doctor.look import Health
from msptool.tickets.doctor.mend import Mended
from msptool.tickets.events import Comment, Opened, Pen
from tests.unit.tickets.site import T0, Site, finding, report, ulid_at

TEMPLATES = Path(__file__).parents[3] / "templates" / "workspace"


@pytest.fixture
def ident(site: Site) -> str:
    """Return a ticket with a comment, in a store that is well."""
    for name in ("gitattributes", "gitignore"):
        (site.root / f".{name}").write_text((TEMPLATES / name).read_text())
    made = site.act(asking.add, "a printer").id
    site.comment(made, "hello")
    assert _look(site).troubles == ()
    return made


def _look(site: Site) -> Health:
    with site.desk(to_write=False) as desk:
        return looking.look(desk, site.now)


def _mend(site: Site) -> list[Mended]:
    with site.desk() as desk:
        return mend.mend(desk, looking.look(desk, site.now, is_locked=True))


def _codes(site: Site) -> list[str]:
    return [one.code for one in _look(site).troubles]


def _path(site: Site, ident: str) -> Path:
    return store.path_of(site.workspace, ident)


def _append(site: Site, ident: str, *lines: bytes) -> None:
    path = _path(site, ident)
    path.write_bytes(path.read_bytes() + b"".join(line + b"\n" for line in lines))


def _kept(site: Site) -> set[bytes]:
    folder = site.workspace.tickets / "quarantine"
    return {path.read_bytes() for path in folder.iterdir()} if folder.exists() else set()


BROKEN = {
    "torn": b'{"event":"comment","eid":"01',
    "foreign": b'{"hello":"world"}',
    "binary": b"\x00\xff\xfe\x00",
    "marker": b"<<<<<<< HEAD",
    "gigantic": b'{"event":"comment","text":"' + b"x" * (store.LINE_BYTES + 10) + b'"}',
}


@pytest.mark.parametrize("code", BROKEN)
def test_broken_lines_are_told_and_moved_out(site: Site, ident: str, code: str) -> None:
    whole = _path(site, ident).read_bytes()
    _append(site, ident, BROKEN[code])
    (one,) = _look(site).wrong
    assert (one.code, one.line, one.mends) == (code, 3, True)
    assert len(site.read(ident).history) == 2, "the ticket is read as before"
    (done,) = (one for one in _mend(site) if one.code == code)
    assert _path(site, ident).read_bytes() == whole
    assert _kept(site) == {BROKEN[code]}
    assert (site.workspace.tickets / done.kept).read_bytes() == BROKEN[code]
    assert _look(site).troubles == ()
    before = site.snapshot()
    assert (_mend(site), site.snapshot()) == ([], before)


def test_all_broken_lines_at_once_and_a_kill_between_two_writes(
    site: Site, ident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _path(site, ident).read_bytes()
    _append(site, ident, *BROKEN.values())
    before = _path(site, ident).read_bytes()
    real = files.write

    def killed(path: Path, data: bytes, **said: int) -> None:
        if path.suffix == ".jsonl":
            raise KeyboardInterrupt
        real(path, data, **said)

    monkeypatch.setattr(files, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        _mend(site)
    assert _path(site, ident).read_bytes() == before
    monkeypatch.setattr(files, "write", real)
    _mend(site)
    assert _path(site, ident).read_bytes() == whole
    assert _kept(site) == set(BROKEN.values())


def test_a_file_that_nothing_opens_is_told_and_left(site: Site, ident: str) -> None:
    path = _path(site, ident)
    path.write_bytes(b'{"torn')
    assert {one.code for one in _look(site).wrong} - {"index"} == {"headless", "torn"}
    _mend(site)
    assert path.read_bytes() == b'{"torn'
    assert {"headless", "torn"} == {one.code for one in _look(site).wrong}


def test_doubled_and_reordered_lines_are_harmless_and_said_to_be(site: Site, ident: str) -> None:
    path = _path(site, ident)
    one, two = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(two + one + two)
    health = _look(site)
    assert [one.code for one in health.troubles if one.code != "index"] == ["doubled", "reordered"]
    with site.desk() as desk:
        desk.index.rebuild()
    assert _look(site).wrong == ()
    _mend(site)
    assert path.read_bytes() == two + one + two, "what is harmless is left"


def test_an_eid_that_different_events_claim(site: Site, ident: str) -> None:
    comment = site.read(ident).history[1]
    assert isinstance(comment, Comment)
    other = msgspec.structs.replace(comment, text="other")
    _append(site, ident, events.encode(other))
    assert "claimed" in _codes(site)


def test_what_a_newer_version_wrote(site: Site, ident: str) -> None:
    head = b'"eid":"%s","n":3,"by":"x@y","at":"2026-11-02T09:00:00Z"' % ulid_at(T0).encode()
    _append(site, ident, b'{"event":"visited",' + head + b"}")
    (told,) = (one for one in _look(site).troubles if one.code == "newer")
    assert (told.wrong, told.detail) == (False, "visited")
    opening = site.read(ident).history[0]
    assert isinstance(opening, Opened)
    _path(site, ident).write_bytes(
        events.encode(msgspec.structs.replace(opening, format=9)) + b"\n"
    )
    assert "format" in _codes(site)


def test_one_id_of_two_laptops_tells_both(site: Site, ident: str) -> None:
    theirs = Opened(**Pen("boris@b", T0).mark(), format=2, ticket=ident, client="ACME",
                    kind="task", title="theirs")  # fmt: skip
    _append(site, ident, events.encode(theirs))
    site.comment(ident, "so that the index sees it")
    health = _look(site)
    (clash,) = (one for one in health.troubles if one.code == "clash")
    assert clash.detail == ", ".join(sorted((t.id for t in site.all()), key=lambda i: i != ident))
    assert len(clash.detail.split(", ")) == 2
    assert health.wrong == ()


def test_aliases_of_several_and_twins_of_one_finding(site: Site, ident: str) -> None:
    for _ in range(2):
        site.act(asking.add, "x", aliases=("1C-17",))
    site.ingest(report(T0, finding()))
    (found,) = (ticket for ticket in site.all() if ticket.about)
    opening = found.history[0]
    assert isinstance(opening, Opened)
    twin = ids.draw("ACME")
    copy = msgspec.structs.replace(opening, ticket=twin, eid=ulid_at(T0))
    store.write({_path(site, twin): [copy]})
    told = {one.code: one for one in _look(site).troubles}
    assert told["alias"].detail.startswith("1c-17: ")
    assert set(told["twins"].detail.split(", ")) == {twin, found.id}


def test_two_laptops_that_merged_two_tickets_into_each_other(site: Site, ident: str) -> None:
    other = site.act(asking.add, "the same").id
    before = _path(site, ident).read_bytes()
    site.act(tying.merge, ident, other, who="anna@a")
    hers = _path(site, ident).read_bytes()
    _path(site, ident).write_bytes(before)
    site.act(tying.merge, other, ident, who="boris@b")
    _path(site, ident).write_bytes(hers)
    (told,) = (one for one in _look(site).troubles if one.code == "ring")
    assert told.wrong and set(told.detail.split(", ")) == {ident, other}
    site.act(ending.reopen, other)
    assert "ring" not in {one.code for one in _look(site).troubles}


def test_wrong_clocks_by_how_much_and_whose(site: Site, ident: str) -> None:
    site.now += timedelta(days=365)
    site.comment(ident, "from next year", who="boris@late")
    site.now -= timedelta(days=365, hours=-1)
    site.comment(ident, "from today")
    told = {one.code: one.detail for one in _look(site).troubles}
    assert told["skew"] == "boris@late +525 540 min"
    assert told["future"] == "boris@late +525 540 min"
    site.now += timedelta(days=400)
    assert [one.code for one in _look(site).troubles] == ["skew"]


def test_what_points_nowhere(site: Site, ident: str) -> None:
    gone = ids.draw("ACME")
    site.act(changing.edit, ident, {"parent": gone})
    other = ids.draw("ACME")
    tie = events.Linked(**site.pen().mark(site.read(ident).history), to=other, tie="causes")
    store.write({_path(site, ident): [tie]})
    told = {one.detail for one in _look(site).wrong if one.code == "nowhere"}
    assert told == {f"parent {gone}", f"causes {other}"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("{shard}/notes.jsonl", "misnamed"), ("{shard}/{wrong}.jsonl", "misnamed"),
        ("{other}/{ident}.jsonl", "misplaced"), ("{shard}/{ident}.jsonl.orig", "stray"),
        ("README", "stray"), ("old/x", "stray"),
        ("{shard}/.msptool-0011223344556677.tmp", "leftover"),
    ],
)  # fmt: skip
def test_files_that_lie_wrong(site: Site, ident: str, name: str, code: str) -> None:
    shard = ids.drawn_part(ident)[:2]
    wrong = ident[:-1] + ("0" if ident[-1] != "0" else "1")
    other = "ZZ" if shard != "ZZ" else "YY"
    path = site.workspace.tickets / name.format(shard=shard, ident=ident, wrong=wrong, other=other)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    assert code in _codes(site)
    _mend(site)
    assert path.exists() == (code != "leftover")


@pytest.mark.parametrize("folder", [".", ".msptool", ".msptool/holidays"])
def test_leftovers_beside_the_store_once_nobody_can_be_writing_them(
    site: Site, ident: str, folder: str
) -> None:
    path = site.root / folder / ".msptool-0011223344556677.tmp"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    written_at = (site.now - timedelta(minutes=59)).timestamp()
    os.utime(path, (written_at, written_at))
    assert _codes(site) == []
    _mend(site)
    assert path.exists()
    site.now += timedelta(minutes=2)
    assert _codes(site) == ["leftover"]
    _mend(site)
    assert (_codes(site), path.exists()) == ([], False)


@pytest.fixture
def receipt(site: Site, ident: str) -> Path:
    """Return the receipt of a run that saw one finding."""
    site.ingest(report(site.later(), finding()))
    (path,) = (site.workspace.tickets / "receipts").iterdir()
    assert _codes(site) == []
    return path


def test_a_line_of_a_receipt_that_cannot_be_read(site: Site, receipt: Path) -> None:
    whole = receipt.read_bytes()
    receipt.write_bytes(whole + b"<<<<<<< ours\n" + whole[:40])
    assert [(one.code, one.line) for one in _look(site).wrong] == [("receipt", 2), ("receipt", 3)]
    assert [one.line for one in _mend(site)] == [2, 3]
    assert receipt.read_bytes() == whole
    assert _kept(site) == {b"<<<<<<< ours", whole[:40]}
    assert (_codes(site), _mend(site)) == ([], [])


@pytest.mark.parametrize("data", [b"", b"\n", b"torn", b"\0\xff\n[[["])
def test_a_receipt_of_which_nothing_can_be_read(site: Site, receipt: Path, data: bytes) -> None:
    receipt.write_bytes(data)
    assert set(_codes(site)) == {"receipt"}
    _mend(site)
    assert (_codes(site), receipt.exists()) == ([], False)
    assert _kept(site) == {line for line in data.split(b"\n") if line}


def test_receipts_of_another_run_and_of_tickets_that_are_not_here(
    site: Site, receipt: Path
) -> None:
    other = receipt.with_name(f"{ulid_at(site.now)}.json")
    receipt.rename(other)
    assert [(one.code, one.detail) for one in _look(site).wrong] == [
        ("receipt-renamed", receipt.stem)
    ]
    other.rename(receipt)
    (path,) = (p for p in store.paths(site.workspace.tickets) if site.read(p.stem).about)
    path.rename(site.root / "away")
    assert [(one.code, one.detail) for one in _look(site).wrong] == [("receipt-nowhere", path.stem)]
    receipt.with_name("notes.txt").touch(mode=0o600)
    assert "stray" in _codes(site)
    receipt.unlink()
    receipt.symlink_to(site.root / "away")
    assert "unreadable" in _codes(site)


def test_a_receipt_that_two_laptops_wrote_is_well(site: Site, receipt: Path) -> None:
    receipt.write_bytes(receipt.read_bytes() * 2)
    assert _codes(site) == []


def test_a_copy_under_another_name_and_anothers_client(site: Site, ident: str) -> None:
    opening = site.read(ident).history[0]
    assert isinstance(opening, Opened)
    name = ids.draw("ACME")
    store.write({_path(site, name): [msgspec.structs.replace(opening, client="BETA")]})
    assert {"renamed", "other-client"} <= set(_codes(site))


def test_rights(site: Site, ident: str) -> None:
    path = _path(site, ident)
    path.chmod(0o666)
    path.parent.chmod(0o755)
    assert _codes(site) == ["writable", "readable"]
    _mend(site)
    assert _codes(site) == []


def test_attachments_missing_orphaned_and_changed(site: Site, ident: str) -> None:
    (site.root / "a").write_bytes(b"good")
    one = site.act(attachments.attach, ident, site.root / "a").attachments[-1]
    path = attachments.path_of(site.workspace, one.sha256)
    path.write_bytes(b"evil")
    assert _codes(site) == ["attachment-hash"]
    _mend(site)
    assert (_kept(site), _codes(site)) == ({b"evil"}, ["attachment-missing"])
    site.act(attachments.attach, ident, site.root / "a")
    site.act(working.void, ident, site.read(ident).attachments[0].eid)
    site.act(working.void, ident, site.read(ident).attachments[0].eid)
    assert _codes(site) == ["attachment-orphan"]
    assert path.exists(), "another clone's ticket may have it"


def test_what_a_merge_brought_back_goes_again(site: Site, ident: str) -> None:
    (site.root / "a").write_bytes(b"my-secret")
    one = site.act(attachments.attach, ident, site.root / "a").attachments[-1]
    (site.root / "a").unlink()
    site.comment(ident, "my-secret")
    old = _path(site, ident).read_bytes().splitlines()[-1]
    with site.desk() as desk:
        redact.redact(desk, "my-secret", pen=site.pen())
        redact.attachment(desk, one.sha256, pen=site.pen())
    assert _codes(site) == []
    blob = attachments.path_of(site.workspace, one.sha256)
    blob.write_bytes(b"my-secret")
    _append(site, ident, old, old[:-5])
    assert [one.code for one in _look(site).wrong] == ["attachment-back", "torn", "unredacted"]
    _mend(site)
    assert _look(site).wrong == ()
    held = [p for p in site.root.rglob("*") if p.is_file() and b"my-sec" in p.read_bytes()]
    assert held == [], "the torn line of a redacted event is not kept, either"


def test_git_rules_are_added_at_the_end_once(site: Site, ident: str) -> None:
    (site.root / ".gitattributes").write_text("*.jsonl text eol=lf merge=union\n* merge=union")
    (site.root / ".gitignore").unlink()
    assert {"git-attributes", "git-union", "git-ignore"} == set(_codes(site))
    _mend(site)
    assert _codes(site) == []
    text = (site.root / ".gitattributes").read_text()
    assert text.startswith("*.jsonl text eol=lf merge=union\n* merge=union\n/tickets/")
    _mend(site)
    assert (site.root / ".gitattributes").read_text() == text


@pytest.mark.parametrize(
    ("text", "name", "driver"),
    [
        ("*.jsonl merge=union", "tickets/4K/A.jsonl", "union"),
        ("tickets/**/*.jsonl merge=union", "tickets/4K/A.jsonl", "union"),
        ("tickets/**/*.jsonl merge=union", "old/tickets/4K/A.jsonl", ""),
        ("/evidence/** -text -merge", "evidence/a/b", "binary"),
        ("* merge=union\n*.yaml -merge", "a/b.yaml", "binary"),
        ("*.yaml merge=union\n*.yaml !merge", "client.yaml", ""),
        ("# *.yaml merge=union", "client.yaml", ""),
    ],
)
def test_attributes_are_read_as_git_reads_them(text: str, name: str, driver: str) -> None:
    assert gitfiles.merge_of(text, name) == driver


def test_an_index_that_disagrees(site: Site, ident: str) -> None:
    with site.desk() as desk:
        desk.index._db.execute("UPDATE ticket SET title = 'other'")
        desk.index._db.execute("DELETE FROM words")
    found = [one.detail.split(":")[0] for one in _look(site).wrong]
    assert found == ["ticket", "words"]
    _mend(site)
    assert _codes(site) == []


def _garbage(path: Path) -> None:
    path.write_bytes(os.urandom(5000))


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _other_version(path: Path) -> None:
    import sqlite3

    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.execute("DROP TABLE alias")
    db.close()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("do", [_garbage, _truncated, _other_version, Path.unlink, _folder])
def test_an_index_that_is_no_index_is_no_matter(
    site: Site, ident: str, do: Callable[[Path], None]
) -> None:
    do(site.workspace.derived / database.NAME)
    assert [ticket.id for ticket in site.all()] == [ident]
    site.comment(ident, "on")
    assert _codes(site) == (["index-place"] if do is _folder else [])
    _mend(site)
    assert _codes(site) == []
    assert len(site.only().history) == 3


def test_a_redaction_that_was_cut_short_is_ended_by_mending(site: Site, ident: str) -> None:
    (site.workspace.derived / "tickets.scrub").touch()
    assert _codes(site) == ["scrub"]
    _mend(site)
    assert _codes(site) == []


def test_an_unreadable_file_hides_no_other(site: Site, ident: str, tmp_path: Path) -> None:
    path = _path(site, ident)
    path.rename(tmp_path / "away")
    path.symlink_to(tmp_path / "away")
    site.act(asking.add, "other")
    assert "unreadable" in _codes(site)


def test_every_kind_of_trouble_is_provoked_here() -> None:
    told = Path(__file__).read_text()
    assert [code for code in troubles.KINDS if f'"{code}"' not in told and code != "owner"] == []
    assert set(mend.OTHERS) | mend.LINES >= {
        code for code, kind in troubles.KINDS.items() if kind.mends
    } - {"index", "scrub", "git-attributes", "git-union", "git-ignore", "receipt"}


def test_the_tables_that_are_compared_are_those_of_the_index(site: Site, ident: str) -> None:
    with site.desk() as desk:
        names = {name for (name,) in desk.index.rows("SELECT name FROM sqlite_master "
                 "WHERE type = 'table' AND name NOT LIKE 'words_%'")}  # fmt: skip
    assert names - {"about", "shard"} == set(indexed.TABLES)
