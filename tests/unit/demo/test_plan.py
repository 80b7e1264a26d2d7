"""The planner: pure, different by seed, honest about what it planted."""

import ipaddress
import re
from collections import Counter
from datetime import date, timedelta

import pytest

from msptool.demo import catalogue
from msptool.demo.cabling import BUSY_PPS
from msptool.demo.draw import Draw
from msptool.demo.plan import blueprint, plan
from msptool.demo.truth import Truth, decode, encode

TODAY = date(2026, 11, 24)
SEEDS = range(1, 31)
CHECKS = {
    "NET-001", "NET-002", "NET-006", "NET-012", "SEC-007", "SEC-011",
    "SRV-002", "SRV-016", "BKP-001",
}  # fmt: skip
RESERVED = [
    ipaddress.IPv4Network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15")
]
RESERVED6 = ipaddress.IPv6Network("2001:db8::/32")


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    return [plan(seed, TODAY) for seed in SEEDS]


def test_each_fault_is_planted_in_some_seeds_and_absent_in_others(truths: list[Truth]) -> None:
    seen = Counter(check for truth in truths for check in {f.check for f in truth.faults})
    assert seen.keys() == CHECKS
    assert all(3 <= count <= len(SEEDS) - 3 for count in seen.values()), seen


def test_each_check_has_a_decoy_in_some_seeds(truths: list[Truth]) -> None:
    assert {decoy.check for truth in truths for decoy in truth.decoys} == CHECKS


def test_what_is_wrong_is_never_a_decoy(truths: list[Truth]) -> None:
    for truth in truths:
        faults = {(f.check, f.host, f.part) for f in truth.faults}
        assert not faults & {(d.check, d.host, d.part) for d in truth.decoys}


def test_the_same_seed_gives_the_same_truth_and_others_differ(truths: list[Truth]) -> None:
    assert plan(7, TODAY) == plan(7, TODAY)
    assert len({encode(truth) for truth in truths}) == len(truths)
    assert len({truth.networks for truth in truths}) == len(truths)


def test_tomorrow_moves_nothing_but_dates() -> None:
    today, tomorrow = plan(7, TODAY), plan(7, TODAY + timedelta(days=1))
    assert today.hosts == tomorrow.hosts
    assert today.links == tomorrow.links
    assert [f.check for f in today.faults] == [f.check for f in tomorrow.faults]


def test_the_truth_can_be_saved(truths: list[Truth]) -> None:
    assert [decode(encode(truth)) for truth in truths] == truths


def test_addresses_are_reserved_for_documentation_and_unique(truths: list[Truth]) -> None:
    for truth in truths:
        four = ipaddress.IPv4Network(truth.networks[0])
        six = ipaddress.IPv6Network(truth.networks[1])
        assert any(four.subnet_of(network) for network in RESERVED)
        assert six.subnet_of(RESERVED6)
        addresses = [a for h in truth.hosts for a in (h.ip4, h.ip6) if a]
        addresses += [truth.laptop.address, truth.laptop.address6]
        assert len(set(addresses)) == len(addresses)
        assert all(
            ipaddress.ip_address(text) in (six if ":" in text else four) for text in addresses
        )
        macs = [host.mac for host in truth.hosts] + [truth.laptop.mac]
        assert len(set(macs)) == len(macs)


def test_the_cast_is_always_there(truths: list[Truth]) -> None:
    for truth in truths:
        assert len(truth.hosts) >= 14
        assert truth.host("six").ip4 is None
        assert "ping" not in truth.host("mute").found_by
        assert len(truth.host("odd").ports) == 1
        with pytest.raises(KeyError):
            truth.host("nobody")


def test_hosts_are_found_by_what_they_answer(truths: list[Truth]) -> None:
    for host in (host for truth in truths for host in truth.hosts):
        assert host.found_by
        assert ("arp" in host.found_by) == (host.ip4 is not None)
        assert "nd" not in host.found_by or host.ip6


def test_parts_name_what_they_mean(truths: list[Truth]) -> None:
    shapes = {"NET-006": None, "NET-012": None, "SRV-016": "battery", "SRV-002": "", "BKP-001": ""}
    for truth in truths:
        for fault in truth.faults:
            host = truth.host(fault.host)
            if fault.check in {"NET-006", "NET-012"}:
                assert any(
                    fault.part in (link.a_port, link.b_port)
                    for link in truth.links
                    if fault.host in (link.a, link.b)
                )
            elif fault.check in shapes:
                assert fault.part == shapes[fault.check]
            else:
                assert fault.part in {f"{port.proto}/{port.port}" for port in host.ports}


def test_every_end_has_one_cable_and_shares_a_port_only_when_unmanaged(
    truths: list[Truth],
) -> None:
    for truth in truths:
        ends = Counter(link.a for link in truth.links)
        others = {host.name for host in truth.hosts} | {"laptop"}
        assert ends.keys() == others - {"sw1"}
        assert set(ends.values()) == {1}
        used = Counter((link.b, link.b_port) for link in truth.links if not link.via)
        used.update((link.a, link.a_port) for link in truth.links if link.a_port)
        assert set(used.values()) == {1}
        shared = {(link.b, link.b_port) for link in truth.links if link.via}
        assert not shared & used.keys()
        assert len(shared) <= 1


def test_errors_decide_within_two_seconds() -> None:
    for seed in SEEDS:
        for host in blueprint(seed, TODAY).hosts:
            for flow in host.switch.traffic if host.switch else ():
                share = flow.errors_per_s / flow.pps
                assert share == 0 or share >= 0.003 or share <= 0.0004
                assert not flow.errors_per_s or flow.pps >= BUSY_PPS


def test_serials_have_the_makers_shape(truths: list[Truth]) -> None:
    for truth in truths:
        serial = truth.host("prn").identity.serial
        assert serial is not None
        assert any(_matches(model.serial, serial) for model in catalogue.PRINTERS)


def _matches(shape: str, serial: str) -> bool:
    marks = {"#": r"\d", "@": "[A-Z]", "%": "[A-Z0-9]", "!": "[0-9A-F]"}
    return re.fullmatch("".join(marks.get(c, re.escape(c)) for c in shape), serial) is not None


def test_a_field_has_its_own_chance() -> None:
    first, second = Draw(1, "gw"), Draw(1, "gw")
    first.number("something else", 0, 9)
    assert first.data("mac", 6) == second.data("mac", 6)
    assert first.data("mac", 6) != Draw(1, "sw1").data("mac", 6)
