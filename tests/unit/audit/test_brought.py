"""Lease files of the engineer: read before anything is sent, kept as evidence."""

from pathlib import Path

import pytest

from msptool.audit import brought
from msptool.errors import UsageError
from msptool.profile.shape import DnsHint, HintSource, Scope
from tests.unit.audit.build import NOW, logbook, mission

ALLOWED = Scope(networks=("198.51.100.0/24",), authorised_by="X", expires=NOW.date())
LEASES = b"1 02:00:5e:10:00:07 198.51.100.7 pc-lab *\n"


def test_leases_are_hints_with_their_file_as_evidence(tmp_path: Path) -> None:
    (tmp_path / "dhcp.leases").write_bytes(LEASES)
    sources = (HintSource(dns=DnsHint(server="198.51.100.1")), HintSource(dhcp="dhcp.leases"))
    files = brought.read(tmp_path, sources)
    book = logbook(tmp_path)
    ordered = mission(book, ALLOWED, NOW.date())
    for _ in ("begun", "resumed"):
        with book.stage("leases") as journal:
            brought.hints(ordered, journal, files)
    (fact,), (evidence,) = book.facts("leases"), (book.run.folder / "evidence").iterdir()
    assert (fact.address, fact.source, fact.evidence) == ("198.51.100.7", "dhcp", evidence.name)
    assert evidence.read_bytes() == LEASES


@pytest.mark.parametrize("name", ["lost", ".", "odd"])
def test_a_file_that_is_lost_or_another_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "odd").write_bytes(b"root:x:0:0\n")
    with pytest.raises(UsageError) as caught:
        brought.read(tmp_path, [HintSource(dhcp=name)])
    assert caught.value.code == "audit.leases"
    assert caught.value.message.startswith(f"{name}: ")
