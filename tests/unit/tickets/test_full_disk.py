"""A disk without room: what SQLite maps there could end in SIGBUS, so the index goes elsewhere."""

import os
from types import SimpleNamespace

import pytest

from msptool.tickets.acts import asking
from msptool.tickets.database import NAME
from tests.unit.tickets.site import Site


def test_without_room_a_copy_of_the_index_is_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site.act(asking.add, "a printer").id
    kept = site.workspace.derived / NAME
    before = kept.read_bytes()
    full, real = SimpleNamespace(f_bavail=10, f_frsize=1024), os.statvfs
    monkeypatch.setattr(os, "statvfs", lambda at: full if at == kept.parent else real(at))
    second = site.act(asking.add, "a screen").id
    assert {ticket.id for ticket in site.all()} == {first, second}
    assert kept.read_bytes() == before
    monkeypatch.undo()
    assert {ticket.id for ticket in site.all()} == {first, second}
