"""What hangs on tickets: kept once, whole, under its hash; no name leads anywhere."""

import os
import stat
from pathlib import Path

import msgspec
import pytest

from msptool.errors import PartDone, UsageError
from msptool.profile.shape import Tickets
from msptool.tickets import attachments
from msptool.tickets.acts import asking
from msptool.tickets.events import Attached
from tests.unit.tickets.site import Site


@pytest.fixture
def ident(site: Site) -> str:
    return site.act(asking.add, "a printer").id


def _attach(site: Site, ident: str, data: bytes, name: str = "a.txt") -> Attached:
    source = site.root.parent / "source"
    source.write_bytes(data)
    return site.act(attachments.attach, ident, source, name=name).attachments[-1]


def test_one_content_is_kept_once_and_privately(site: Site, ident: str) -> None:
    one, two = _attach(site, ident, b"x" * 3_000_000), _attach(site, ident, b"x" * 3_000_000, "b")
    assert one.sha256 == two.sha256
    (path,) = (site.workspace.tickets / "attachments").rglob("*/*")
    assert path == attachments.path_of(site.workspace, one.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (one.size_bytes, one.name, two.name) == (3_000_000, "a.txt", "b")
    with site.desk(to_write=False) as desk:
        assert desk.index.rows("SELECT 1 FROM words WHERE words MATCH '\"a.txt\"'")


def test_it_comes_back_as_it_was(site: Site, ident: str, tmp_path: Path) -> None:
    one = _attach(site, ident, b"\0\r\n\xff")
    made = attachments.fetch(site.workspace, one, tmp_path / "out")
    assert made.read_bytes() == b"\0\r\n\xff"
    assert attachments.fetch(site.workspace, one, tmp_path) == tmp_path / "a.txt"
    with pytest.raises(UsageError, match="already"):
        attachments.fetch(site.workspace, one, tmp_path)


def test_what_was_changed_on_disk_is_not_given_out(site: Site, ident: str, tmp_path: Path) -> None:
    one = _attach(site, ident, b"good")
    path = attachments.path_of(site.workspace, one.sha256)
    path.write_bytes(b"evil")
    with pytest.raises(PartDone, match="is not what was attached"):
        attachments.fetch(site.workspace, one, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(PartDone, match="is not there"):
        attachments.fetch(site.workspace, one, tmp_path / "out")
    assert _attach(site, ident, b"good").sha256 == one.sha256, "attached again, it is mended"
    assert path.read_bytes() == b"good" and not path.is_symlink()


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\a.doc", "a.doc"), ("..", "file"), ("", "file"),
        (".bashrc", "bashrc"), ("a\x1b[31m\u202eb\n.txt", "a[31mb.txt"), ("имя.pdf", "имя.pdf"),
        ("я" * 300, "я" * 100), ("a. ", "a"),
    ],
)  # fmt: skip
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert attachments.cleaned(name) == cleaned
    assert attachments.cleaned(cleaned) == cleaned


def test_a_name_from_another_clone_leads_nowhere(site: Site, ident: str, tmp_path: Path) -> None:
    one = _attach(site, ident, b"x")
    evil = msgspec.structs.replace(one, name="../../../evil")
    with pytest.raises(UsageError, match="no safe name"):
        attachments.fetch(site.workspace, evil, tmp_path)
    assert attachments.fetch(site.workspace, evil, tmp_path / "fine").read_bytes() == b"x"


def test_what_is_too_large_or_no_file_is_refused(site: Site, ident: str, tmp_path: Path) -> None:
    site.profile = msgspec.structs.replace(site.profile, tickets=Tickets(attachment_mib=1))
    with pytest.raises(UsageError, match="larger than 1 MiB"):
        _attach(site, ident, b"x" * ((1 << 20) + 1))
    os.mkfifo(tmp_path / "pipe")
    for source in (tmp_path / "pipe", tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="cannot read"):
            site.act(attachments.attach, ident, source)
    assert site.read(ident).attachments == ()
    assert not list((site.workspace.tickets).rglob("attachments/*/*"))


def test_it_is_named_by_name_id_or_hash(site: Site, ident: str) -> None:
    one, two = _attach(site, ident, b"1", "one"), _attach(site, ident, b"2", "two")
    ticket = site.read(ident)
    for said in ("one", one.eid, one.sha256, one.sha256[:8].upper()):
        assert attachments.find(ticket, said).eid == one.eid
    with pytest.raises(UsageError, match="no attachment"):
        attachments.find(ticket, two.sha256[:4])
    _attach(site, ident, b"3", "one")
    with pytest.raises(UsageError, match="names 2"):
        attachments.find(site.read(ident), "one")
