"""A secret that was redacted is in no byte of the workspace, and no merge brings it back."""

import json
import sqlite3
from pathlib import Path

import msgspec
import pytest

from msptool.errors import UsageError
from msptool.model import Subject
from msptool.tickets import (
    attachments,
    database,
    events,
    migrations,
    quarantine,
    redact,
    redaction,
    store,
)
from msptool.tickets import index as indexes
from msptool.tickets.acts import asking, changing
from msptool.tickets.doctor import look, mend
from msptool.tickets.events import About, Comment, Sighting
from msptool.tickets.index import Index
from msptool.tickets.redact import Redaction
from tests.unit.tickets.site import T0, Site, ulid_at

SECRET = 'hunter2-grüße"\\'
PLAIN = "correcthorse"


def _redact(site: Site, secret: str, ident: str = "") -> Redaction:
    with site.desk() as desk:
        return redact.redact(desk, secret, pen=site.pen(), ident=ident)


def _holding(root: Path, secret: str) -> list[str]:
    """Return the files of a workspace that hold these bytes, plain or as JSON escapes them."""
    needles = {secret.encode(), json.dumps(secret)[1:-1].encode(),
               json.dumps(secret, ensure_ascii=False)[1:-1].encode()}  # fmt: skip
    return [
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


def _append(site: Site, ident: str, *lines: bytes) -> Path:
    path = store.path_of(site.workspace, ident)
    path.write_bytes(path.read_bytes() + b"".join(line + b"\n" for line in lines))
    return path


@pytest.mark.parametrize("secret", [SECRET, PLAIN])
def test_no_byte_of_it_is_left_in_the_workspace(site: Site, secret: str) -> None:
    about = About(check="NET-001", subject=Subject(thing="sw", part=f"http://u:{secret}@sw"),
                  name="sw", severity="low", message={"en": f"answers to {secret}"},
                  seen=Sighting(seen_at=T0))  # fmt: skip
    ident = site.act(asking.add, f"password {secret}", text=f"it is {secret}, {secret}",
                     aliases=(f"x{secret}",), checklist=(f"try {secret}",)).id  # fmt: skip
    site.comment(ident, f"no: {secret}")
    site.act(changing.edit, ident, {"requester": secret, "tags": ("vip", secret)})
    unknown = {"event": "mailed", "eid": ulid_at(T0), "n": 9, "by": "x@y",
               "at": "2026-11-02T09:00:00Z", "deep": [{"raw": secret}]}  # fmt: skip
    again = msgspec.structs.replace(site.read(ident).history[0], eid=ulid_at(T0), n=9, about=about)
    path = _append(site, ident, json.dumps(unknown).encode(), events.encode(again),
                   b'{"torn":"' + secret.encode())  # fmt: skip
    (path.parent / ".msptool-0123456789abcdef.tmp").write_text(secret)
    with site.desk() as desk:
        quarantine.keep(site.workspace.tickets, f"<<<< {secret}".encode())
        assert desk.index.rows("SELECT count(*) FROM words WHERE words MATCH ?", (PLAIN[:5] + "*",))
    assert len(_holding(site.root, secret)) > 3
    done = _redact(site, secret, ident)
    assert _holding(site.root, secret) == []
    assert (done.elsewhere, done.kept, done.busy) == ([], [], False)
    assert done.texts == 14
    shown = site.read(ident)
    assert shown.title == f"password {redaction.FILL * len(secret)}"
    assert len(shown.history) > 4
    assert _redact(site, secret, ident).texts == 0, "twice changes nothing"


def test_a_line_that_a_merge_brings_back_is_never_shown_and_goes_with_the_next_write(
    site: Site,
) -> None:
    ident = site.act(asking.add, "x").id
    site.comment(ident, f"it is {PLAIN}")
    old = store.path_of(site.workspace, ident).read_bytes().splitlines()[-1]
    _redact(site, PLAIN, ident)
    path = _append(site, ident, old)
    assert [e.text for e in site.read(ident).history if isinstance(e, Comment)] == [
        f"it is {redaction.FILL * len(PLAIN)}"
    ]
    with site.desk() as desk:
        desk.index.rebuild()
        assert not desk.index.rows("SELECT 1 FROM words WHERE words MATCH 'correct*'")
    assert _holding(site.root, PLAIN) == [str(path.relative_to(site.root))]
    site.comment(ident, "on")
    assert _holding(site.root, PLAIN) == []


def test_two_engineers_redact_different_secrets_and_meet(site: Site) -> None:
    ident = site.act(asking.add, "x").id
    site.comment(ident, f"{PLAIN} and swordfish")
    path = store.path_of(site.workspace, ident)
    before = path.read_bytes()
    _redact(site, PLAIN, ident)
    mine = path.read_bytes()
    path.write_bytes(before)
    _redact(site, "swordfish", ident)
    theirs = path.read_bytes()
    path.write_bytes(mine + theirs)
    told = [e.text for e in site.read(ident).history if isinstance(e, Comment)]
    assert told == [redaction.FILL * len(PLAIN) + " and " + redaction.FILL * len("swordfish")]
    site.comment(ident, "on")
    assert _holding(site.root, PLAIN) == _holding(site.root, "swordfish") == []


def test_everywhere_and_what_was_not_reached(site: Site) -> None:
    one, two = (site.act(asking.add, f"{PLAIN} {n}").id for n in range(2))
    (site.root / "runs").mkdir()
    (site.root / "runs" / "report.json").write_text(PLAIN)
    first = _redact(site, PLAIN, one)
    assert sorted(first.elsewhere) == sorted(
        ["runs/report.json", str(store.path_of(site.workspace, two).relative_to(site.root)),
         ".msptool/tickets.db"]
    )  # fmt: skip
    assert _redact(site, PLAIN).elsewhere == ["runs/report.json"]


def test_words_that_an_event_needs_are_left_and_told(site: Site) -> None:
    ident = site.act(asking.add, "wont-fix it").id
    site.close(ident, reason="wont-fix", text="wont-fix")
    done = _redact(site, "wont-fix", ident)
    assert [place.split(" ")[1] for place in done.kept] == ["reason"]
    assert (site.read(ident).reason, done.texts) == ("wont-fix", 2)
    assert site.read(ident).state == "closed"


@pytest.mark.parametrize("secret", ["", "abc", "     "])
def test_short_secrets_are_refused(site: Site, secret: str) -> None:
    with pytest.raises(UsageError, match="less than 4"):
        _redact(site, secret)


def test_a_tombstone_cannot_touch_what_order_hangs_on() -> None:
    line = events.encode(Comment(**site_pen().mark(), text="hello"))
    eid = msgspec.json.decode(line)["eid"]
    cuts = {place: [(0, 99)] for place in redaction.FIXED | {"text"}}
    tomb = json.dumps({"event": "redacted", "of": eid, "cuts": cuts}).encode()
    masked = events.decode(redaction.clean(line + b"\n" + tomb).splitlines()[0])
    assert isinstance(masked, Comment)
    assert (masked.eid, masked.text) == (eid, redaction.FILL * 5)


def site_pen() -> events.Pen:
    return events.Pen("a@b", T0)


def test_an_attachment_is_deleted_on_all_tickets_that_have_it(site: Site, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_text(PLAIN)
    idents = [site.act(asking.add, str(n)).id for n in range(2)]
    for ident in idents:
        site.act(attachments.attach, ident, source)
    with site.desk() as desk:
        done = redact.attachment(desk, "scan.pdf", pen=site.pen(), ident=idents[0])
    assert sorted(done.tickets) == sorted(idents)
    assert all(site.read(ident).attachments == () for ident in idents)
    assert _holding(site.root, PLAIN) == []
    with site.desk() as desk, pytest.raises(UsageError, match="no attachment"):
        redact.attachment(desk, "scan.pdf", pen=site.pen(), ident=idents[0])
    before = site.snapshot()
    with site.desk() as desk:
        redact.attachment(desk, done_hash(PLAIN), pen=site.pen())
    assert site.snapshot() == before


def done_hash(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def test_a_kill_before_the_index_is_rid_of_it_is_told_and_ended(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = site.act(asking.add, PLAIN).id

    def killed(_index: Index) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Index, "scrub", killed)
        with pytest.raises(KeyboardInterrupt):
            _redact(site, PLAIN, ident)
    assert PLAIN not in site.read(ident).title
    with site.desk() as desk:
        found = look.look(desk, site.now, is_locked=True)
        assert "scrub" in {one.code for one in found.wrong}
        mend.mend(desk, found)
    assert not redact.is_cut_short(site.workspace)
    assert _holding(site.root, PLAIN) == []


def test_a_reader_of_old_pages_is_told_of(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "_SCRUB_MS", 50)
    ident = site.act(asking.add, PLAIN).id
    reader = sqlite3.connect(site.workspace.derived / database.NAME, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM ticket").fetchone()
    try:
        assert _redact(site, PLAIN, ident).busy
        assert redact.is_cut_short(site.workspace)
    finally:
        reader.close()
    assert not _redact(site, PLAIN, ident).busy
    assert _holding(site.root, PLAIN) == []


def test_why_must_not_say_it(site: Site) -> None:
    with site.desk() as desk, pytest.raises(UsageError, match="the comment holds"):
        redact.redact(desk, PLAIN, pen=site.pen(), text=f"it was {PLAIN}")


def test_an_index_of_an_older_version_takes_the_steps_there_are() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("PRAGMA user_version=1")
    steps = {1: ("CREATE TABLE a(x)",), 2: ("ALTER TABLE a ADD COLUMN y",), 4: ("DROP TABLE a",)}
    assert migrations.bring(db, 3, steps)
    assert [name for _, name, *_ in db.execute("PRAGMA table_info(a)")] == ["x", "y"]
    assert not migrations.bring(db, 5, steps), "no step from 3: it is made anew"
    assert not migrations.bring(db, 2, steps), "a newer one, too"
    assert migrations.bring(db, 3)
    db.close()
