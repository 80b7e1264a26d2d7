import ipaddress
import os
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msptool import clock, gate, process
from msptool.audit import scope
from msptool.errors import OutOfScope
from msptool.profile.shape import Scope

TODAY = date(2026, 11, 24)
EXAMPLES = 1000 if os.environ.get("MSPTOOL_FULL") else 250
Address = scope.Address


def authority(*networks: str, exclude: tuple[str, ...] = ()) -> Scope:
    return Scope(networks=networks, exclude=exclude, authorised_by="A. Smith", expires=TODAY)


def planned(*networks: str, exclude: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> list[str]:
    made = scope.plan(authority(*networks, exclude=exclude), TODAY, only)
    return [str(address) for address in made.addresses]


def refused(allowed: Scope, *only: str, today: date = TODAY) -> str:
    with pytest.raises(OutOfScope) as caught:
        scope.plan(allowed, today, only)
    assert caught.value.exit == 5
    assert "nothing was sent" in caught.value.message
    return caught.value.code


def gate_lets(targets: list[Address], allowed: Scope, today: date = TODAY) -> bool:
    try:
        gate.check(targets, gate.Warrant.of(allowed, "UTC"), today)
    except OutOfScope:
        return False
    return True


def test_what_is_planned() -> None:
    assert planned("192.0.2.0/30") == ["192.0.2.1", "192.0.2.2"]
    assert planned("192.0.2.2/30") == ["192.0.2.1", "192.0.2.2"], "host bits are set"
    assert planned("192.0.2.0/31") == ["192.0.2.0", "192.0.2.1"], "RFC 3021"
    assert planned("192.0.2.7") == ["192.0.2.7"]
    assert planned("192.0.2.0/30", "192.0.2.0/30", "192.0.2.1") == ["192.0.2.1", "192.0.2.2"]
    assert planned("192.0.2.0/30", exclude=("192.0.2.1",)) == ["192.0.2.2"]
    assert planned("2001:db8::8/126") == ["2001:db8::9", "2001:db8::a", "2001:db8::b"]
    assert planned("192.0.2.0/24", only=("192.0.2.9", "192.0.2.8/31")) == ["192.0.2.9", "192.0.2.8"]
    assert planned("192.0.2.0/25", "192.0.2.128/25", only=("192.0.2.126/30",)) == [
        "192.0.2.125", "192.0.2.126",
    ]  # fmt: skip


def test_a_target_across_two_authorised_networks_is_inside() -> None:
    assert len(planned("192.0.2.0/25", "192.0.2.128/25", only=("192.0.2.0/24",))) == 254


@pytest.mark.parametrize("only", ["192.0.2.255", "192.0.2.0", "192.0.2.255/32"])
def test_a_broadcast_address_is_no_target(only: str) -> None:
    assert refused(authority("192.0.2.0/24"), only) == "scope.empty"
    assert refused(authority("192.0.2.0/25", "192.0.2.128/25"), only) == "scope.empty"
    assert planned("192.0.2.0/24", only=(only, "192.0.2.7")) == ["192.0.2.7"]
    assert planned("192.0.2.0/23", only=("192.0.2.255",)) == ["192.0.2.255"]


def test_a_part_at_the_edge_plans_only_hosts() -> None:
    assert planned("192.0.2.0/24", only=("192.0.2.254/31",)) == ["192.0.2.254"]
    assert planned("192.0.2.0/24", only=("192.0.2.0/31",)) == ["192.0.2.1"]
    assert planned("192.0.2.0/31", only=("192.0.2.0",)) == ["192.0.2.0"], "RFC 3021"


def test_an_address_that_the_client_names_by_itself_is_a_host() -> None:
    assert "192.0.2.255" in planned("192.0.2.0/24", "192.0.2.255")
    assert planned("192.0.2.0/24", "192.0.2.255", only=("192.0.2.255",)) == ["192.0.2.255"]


def test_a_large_ipv6_network_is_learnt_not_listed() -> None:
    made = scope.plan(authority("2001:db8::/64", exclude=("2001:db8::7",)), TODAY)
    assert not list(made.addresses) and [str(n) for n in made.learn] == ["2001:db8::/64"]
    assert made.covers(ipaddress.ip_address("2001:db8::1"))
    assert not made.covers(ipaddress.ip_address("2001:db8::7"))
    assert not made.covers(ipaddress.ip_address("2001:db8:1::1"))


def test_an_exclusion_larger_than_the_network_leaves_nothing() -> None:
    assert refused(authority("192.0.2.0/24", exclude=("192.0.0.0/8",))) == "scope.empty"
    assert refused(authority("2001:db8::/64", exclude=("2001:db8::/32",))) == "scope.empty"
    assert refused(authority("192.0.2.0/24", exclude=("192.0.2.9",)), "192.0.2.9") == "scope.empty"


@pytest.mark.parametrize(
    ("allowed", "code"),
    [
        (Scope(), "scope.empty"),
        (Scope(networks=("192.0.2.0/24",), expires=TODAY), "scope.unnamed"),
        (Scope(networks=("192.0.2.0/24",), authorised_by=" \t", expires=TODAY), "scope.unnamed"),
        (Scope(networks=("192.0.2.0/24",), authorised_by="A"), "scope.no-expiry"),
        (authority("0.0.0.0/0"), "scope.too-large"),
        (authority("10.0.0.0/15"), "scope.too-large"),
        (authority("10.0.0.0/16", "10.1.0.1"), "scope.too-large"),
        (authority("nas.example"), "scope.not-a-network"),
        (authority("192.0.2.0/24", exclude=("nas",)), "scope.not-a-network"),
    ],
)
def test_what_authorises_nothing(allowed: Scope, code: str) -> None:
    assert refused(allowed) == code


@pytest.mark.parametrize("only", ["192.0.3.1", "192.0.0.0/16", "0.0.0.0/0", "2001:db8::1", "::/0"])
def test_a_target_outside_refuses_the_whole_run(only: str) -> None:
    assert refused(authority("192.0.2.0/24"), "192.0.2.1", only) == "scope.outside"


@pytest.mark.parametrize(
    "only", ["nas.example", "", "-oN", "192.0.2.1-9", "192.0.2.1%eth0", "fe80::1%a"]
)
def test_a_target_that_is_no_address_is_refused(only: str) -> None:
    assert refused(authority("192.0.2.0/24", "fe80::/64"), only) == "scope.not-a-network"


def test_the_same_network_twice_is_not_too_large() -> None:
    assert len(planned("10.0.0.0/16", "10.0.0.0/16", "10.0.7.0/24")) == 65534


@pytest.mark.parametrize(("days", "allowed"), [(-1, True), (0, True), (1, False)])
def test_the_last_day_counts(days: int, allowed: bool) -> None:
    today = TODAY + timedelta(days=days)
    some = authority("192.0.2.7")
    assert gate_lets([ipaddress.ip_address("192.0.2.7")], some, today) == allowed
    if allowed:
        scope.plan(some, today)
    else:
        assert refused(some, today=today) == "scope.expired"


MOSCOW_MIDNIGHT = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "seconds", "allowed"),
    [
        ("Europe/Moscow", -1, True), ("Europe/Moscow", 0, False),
        ("UTC", 0, True), ("UTC", 3 * 3600, False),
        ("America/New_York", 3 * 3600, True), ("America/New_York", 8 * 3600, False),
    ],
)  # fmt: skip
def test_the_last_day_is_the_clients_own(
    monkeypatch: pytest.MonkeyPatch, zone: str, seconds: int, allowed: bool
) -> None:
    now = MOSCOW_MIDNIGHT + timedelta(seconds=seconds)
    some = authority("192.0.2.7")
    started: list[object] = []
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(process, "run", lambda argv, **_: started.append(argv))
    assert (scope.today(zone, now) <= TODAY) == allowed
    warrant = gate.Warrant.of(some, zone)
    with nullcontext() if allowed else pytest.raises(OutOfScope):
        gate.scan(["scanner"], [ipaddress.ip_address("192.0.2.7")], warrant, timeout_s=1)
    assert bool(started) == allowed


def test_many_exclusions_of_a_large_network() -> None:
    exclude = tuple(f"10.0.{n}.0/29" for n in range(200))
    assert len(planned("10.0.0.0/16", exclude=exclude)) == 65534 - 200 * 8 + 1


SMALL = st.integers(0, 255)
V4 = st.builds("10.0.{}.{}".format, st.integers(0, 1), SMALL)
V6 = st.builds("2001:db8::{:x}:{:x}".format, st.integers(0, 1), SMALL)
Net4 = V4 | st.builds("{}/{}".format, V4, st.integers(22, 32))
Net6 = V6 | st.builds("{}/{}".format, V6, st.integers(110, 128))
Huge = st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32", "::ffff:0:0/96"])
Networks = st.lists(Net4 | Net6 | Huge, max_size=4).map(tuple)
Scopes = st.builds(
    Scope,
    networks=Networks,
    exclude=Networks,
    authorised_by=st.sampled_from(["A. Smith", "A. Smith", "A. Smith", "", " "]),
    expires=st.sampled_from([TODAY, TODAY, date.max, TODAY - timedelta(days=1), date.min, None]),
)
ODD = [
    "::ffff:10.0.0.1", "fe80::1", "fe80::1%eth0", "2001:db8::1%eth0", "::", "0.0.0.1",
    "255.255.255.255", "203.0.113.1",
]  # fmt: skip
Met = st.builds(ipaddress.ip_address, V4 | V6 | st.sampled_from(ODD))


@given(Scopes, Networks)
@settings(max_examples=EXAMPLES)
def test_the_plan_never_holds_what_the_gate_refuses(some: Scope, only: tuple[str, ...]) -> None:
    try:
        made = scope.plan(some, TODAY, only)
    except OutOfScope:
        return
    assert not made.addresses or gate_lets(list(made.addresses), some)
    assert all(made.covers(address) for address in made.addresses)
    assert len(set(made.addresses)) == len(made.addresses)


@given(Scopes, Met)
@settings(max_examples=EXAMPLES)
def test_plan_and_gate_judge_any_address_alike(some: Scope, met: Address) -> None:
    lets = gate_lets([met], some)
    try:
        made = scope.plan(some, TODAY)
    except OutOfScope as error:
        assume(error.code not in ("scope.too-large", "scope.empty"))
        assert not lets
        return
    assert made.covers(met) == lets


def test_a_warrant_that_was_not_checked_at_load_is_refused_not_a_crash() -> None:
    for text in (
        "",
        "nas",
        "192.0.2.0/",
        "192.0.2.0/33",
        "192.0.2.0/255.255.255.0",
        "192.0.2.0/+8",
    ):
        with pytest.raises(OutOfScope):
            gate.Warrant.of(Scope(networks=(text,)), "UTC")
        with pytest.raises(OutOfScope):
            gate.Warrant.of(Scope(networks=("192.0.2.0/24",), exclude=(text,)), "UTC")


def test_an_address_that_hides_another_target_is_refused() -> None:
    everything = authority("0.0.0.0/0", "::/0", exclude=("192.0.2.1",))
    for text in ("192.0.2.1", "::ffff:192.0.2.1", "fe80::1%eth0", "fe80::1%x\n192.0.2.1"):
        assert not gate_lets([ipaddress.ip_address(text)], everything), text
    assert gate_lets([ipaddress.ip_address("192.0.2.2")], everything)
    assert not gate_lets([], everything), "no target is no permission"


def test_one_foreign_target_refuses_all() -> None:
    some = authority("192.0.2.0/24")
    inside, outside = (ipaddress.ip_address(f"192.0.{n}.9") for n in (2, 3))
    assert gate_lets([inside], some)
    assert not gate_lets([inside, outside], some)
