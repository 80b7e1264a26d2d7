"""An index made anew by other processes that read the files."""

from pathlib import Path

import pytest

from msptool.tickets import bulk, database, index
from msptool.tickets.acts import asking
from tests.unit.tickets.site import Site
from tests.unit.tickets.test_lists import index_rows

COUNT = 40


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    root = tmp_path / "acme"
    root.mkdir(mode=0o700)
    made = Site(root)
    for n in range(COUNT):
        made.act(asking.add, f"ticket {n}", aliases=(f"OLD-{n}",), text="принтер " * n)
    monkeypatch.setattr(bulk, "_APART", 1)
    return made


def _anew(site: Site) -> object:
    database.remove(site.workspace.derived / database.NAME)
    return index_rows(site)


def test_they_read_what_one_process_reads(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    by_others = _anew(site)
    monkeypatch.setattr(index, "_MANY", 1 << 30)
    assert by_others == _anew(site)


@pytest.mark.parametrize("said", [0, 3, 9, 200], ids=lambda said: f"{said} bytes")
def test_what_a_stopped_one_left_is_read_all_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    whole = _anew(site)
    program = f'"$@" | head -c {said}'
    monkeypatch.setattr(bulk, "_WORKER", ("/bin/sh", "-c", program, "sh", *bulk._WORKER))
    assert _anew(site) == whole


def test_where_none_can_be_started_we_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _anew(site)
    monkeypatch.setattr(bulk, "_WORKER", ("/nowhere/python",))
    assert _anew(site) == whole
