"""Lease files of the engineer: read before anything is sent, kept as evidence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from msptool import runs
from msptool.audit import brought, scope
from msptool.errors import UsageError
from msptool.profile.shape import DnsHint, HintSource, Scope

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PLAN = scope.plan(
    Scope(networks=("198.51.100.0/24",), authorised_by="X", expires=AT.date()), AT.date()
)  # fmt: skip
LEASES = b"1 02:00:5e:10:00:07 198.51.100.7 pc-lab *\n"


def test_leases_are_hints_with_their_file_as_evidence(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "dhcp.leases").write_bytes(LEASES)
    sources = (HintSource(dns=DnsHint(server="198.51.100.1")), HintSource(dhcp="dhcp.leases"))
    files = brought.read(tmp_path, sources)
    catch = brought.hints(runs.Run("01", "audit", tmp_path, tmp_path), files, PLAN, AT)
    (fact,), (evidence,) = catch.facts, catch.evidence
    assert (fact.address, fact.source, fact.evidence) == ("198.51.100.7", "dhcp", evidence.sha256)
    assert (tmp_path / evidence.path).read_bytes() == LEASES


@pytest.mark.parametrize("name", ["lost", ".", "odd"])
def test_a_file_that_is_lost_or_another_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "odd").write_bytes(b"root:x:0:0\n")
    with pytest.raises(UsageError) as caught:
        brought.read(tmp_path, [HintSource(dhcp=name)])
    assert caught.value.code == "audit.leases"
    assert caught.value.message.startswith(f"{name}: ")
