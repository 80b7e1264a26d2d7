"""Machines that tell hostile words, and addresses that are none: bounded, and nothing breaks."""

import pytest
from hypothesis import given

from msptool.audit import announced, clues
from msptool.audit.facts import Snmp
from tests.unit.audit.agents import Row, hostile
from tests.unit.audit.build import NOW
from tests.unit.audit.scans import MAC1, A, B, Site, agent, alive, heard, told

HOSTILE = [
    "\x1b[2J\x1b]0;x\a",
    "a\nb\r\nc",
    "<script>alert(1)</script>",
    "x" * 50_000,
    "\0",
    "İ" * 99,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_bounded_and_breaks_nothing(text: str) -> None:
    words = [told(A, probe, **{key: text}) for probe, key in {**clues.SAID, ("tls", "cn"): ("", 0)}]
    for proto, names in announced.READ.items():
        words += [heard(A, proto, **{key: text for some in names.values() for key in some})]
    facts = [alive(A, text), alive(A, MAC1), agent(A, serials=[text], name=text)]
    site = Site()
    (asset,) = site.scan(*facts, *words)
    assert len(asset.name) <= 255 and all(len(alias) <= 300 for alias in asset.aliases)
    claims = site.reasons[asset.id].claims
    assert len(claims) < 100 and all(len(claim.value) <= 120 for claim in claims)


@pytest.mark.parametrize("address", ["", "nonsense", "192.0.2.300", "192.0.2.1/24", "\x1b"])
def test_what_is_no_address_is_no_asset(address: str) -> None:
    assert [a.addresses for a in Site().scan(alive(address, MAC1), alive(A, MAC1))] == [(A,)]


def test_an_address_in_two_spellings_and_twice_is_one() -> None:
    assets = Site().scan(*[alive("2001:db8::7", MAC1)] * 3, alive("2001:DB8:0::0007", MAC1))
    assert [asset.addresses for asset in assets] == [("2001:db8::7",)]


@given(hostile())
def test_no_agents_rows_break_the_joining(rows: dict[str, Row]) -> None:
    shown = [Snmp(address=a, at=NOW, source="snmp", community="c", rows=rows) for a in (A, B)]
    assert 1 <= len(Site().scan(alive(A), alive(B), *shown)) <= 2
