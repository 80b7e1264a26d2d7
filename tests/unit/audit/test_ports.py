"""The ports we look at: each has a reason, and the fragile ones are named twice."""

import pytest

from msptool.audit import ports
from msptool.audit.probes import table
from msptool.errors import UsageError


def test_the_list_is_some_450_each_with_a_reason_of_its_own() -> None:
    known = ports.tcp()
    assert 430 <= len(known) <= 480
    assert all(
        0 < port < 65536 and one.service and len(one.reason) > 3 for port, one in known.items()
    )
    assert list(known) == sorted(known)


def test_what_is_never_written_to_says_so_in_the_list() -> None:
    said = {port for port, one in ports.tcp().items() if "never written to" in one.reason}
    assert said == ports.FRAGILE
    spared = {p for p, one in ports.tcp().items() if "where a printer was seen" in one.reason}
    assert spared <= ports.OF_PRINTERS


def test_what_research_lists_is_fragile() -> None:
    assert {*range(9100, 9108), 515, 502, 102, 20000, 2404, 44818, 104, 11112} <= ports.FRAGILE


def test_no_probe_is_for_a_fragile_port() -> None:
    assert not ports.FRAGILE & (table.TCP.keys() | table.WRAPPED.keys() | table.UDP.keys())
    assert not ports.FRAGILE & ports.TLS_FIRST


def test_a_printers_further_ports_are_spared_only_there() -> None:
    assert 9999 not in ports.untouchable([80, 9999])
    assert 9999 in ports.untouchable([9100, 9999])
    assert ports.untouchable([]) == ports.FRAGILE


def test_every_port_with_a_probe_is_looked_at() -> None:
    assert set(table.WRAPPED) <= ports.TLS_FIRST
    missing = (table.TCP.keys() | ports.TLS_FIRST) - ports.tcp().keys()
    assert missing == set()


def test_the_profiles_ports_are_looked_at_too() -> None:
    assert list(ports.wanted((1, 22))) == sorted({1, *ports.tcp()})


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("22", (22,)),
        ("80, 22,22", (22, 80)),
        ("8000-8003,1", (1, 8000, 8001, 8002, 8003)),
    ],
)
def test_ports_that_are_chosen_stand_in_place_of_ours(chosen: str, told: tuple[int, ...]) -> None:
    assert ports.wanted((9999,), chosen) == told


def test_all_ports_are_all() -> None:
    assert ports.wanted((), "1-65535") == tuple(range(1, 65536))


@pytest.mark.parametrize(
    "chosen",
    ["all", "0", "65536", "x", "1-", "-1", "9-1", "22;80", "1-2-3", "٢٢", "22,", "-iL x"],
)
def test_words_that_name_no_ports_are_refused(chosen: str) -> None:
    with pytest.raises(UsageError, match="no port"):
        ports.wanted((), chosen)
