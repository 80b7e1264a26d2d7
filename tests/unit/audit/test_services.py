"""Which ports are open, and which of those that stay unnamed nmap is to ask, of whom, together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.audit import services, unnamed
from msptool.audit.facts import AnyFact, Grab, Port, Told
from tests.unit.audit.build import NOW

A, B, C = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def port(address: str, number: int, *, proto: str = "tcp") -> Port:
    return Port(address=address, at=NOW, source="nmap", proto=proto, port=number, state="open")


def grab(address: str, number: int, greeting: str) -> Grab:
    return Grab(address=address, at=NOW, source="grab", port=number, greeting=greeting)


def told(address: str, number: int) -> Told:
    return Told(address=address, at=NOW, source="grab", probe="ssh", port=number)


def test_udp_ports_are_none_to_connect_to() -> None:
    facts: list[AnyFact] = [port(A, 80), port(A, 53, proto="udp"), port(B, 22), port(A, 443)]
    assert services.open_ports(facts) == {A: [80, 443], B: [22]}


@pytest.mark.parametrize(
    ("number", "listened_to"),
    [(80, False), (443, False), (631, False), (23, True), (5060, True), (9100, False)],
)
def test_ports_of_the_spared_are_only_listened_to(number: int, listened_to: bool) -> None:  # noqa: FBT001
    assert services._only_listen(number) is listened_to


def test_no_pace_asks_more_of_a_host_than_the_gentler_one_waits_for() -> None:
    for table in (services.PER_HOST, services.UDP_PPS):
        assert table["gentle"] <= table["normal"] <= table["fast"]
    assert services.PER_HOST["gentle"] == 1


def test_what_is_named_fragile_or_spared_is_not_asked() -> None:
    ports = {A: [22, 53, 88, 4242, 10050], B: [88, 9100], C: [88]}
    said: list[AnyFact] = [
        told(A, 22), grab(A, 4242, "hm?"), grab(A, 88, ""), port(A, 53, proto="udp")
    ]  # fmt: skip
    assert unnamed.sort_out(ports, said, spared={C}) == ({A: [88]}, {A: [4242]})


HOSTS = st.dictionaries(
    st.integers(1, 40).map("192.0.2.{}".format),
    st.sets(st.integers(1, 25), min_size=1, max_size=12),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("pace", ["gentle", "fast"])
@settings(max_examples=40)
@given(open_ports=HOSTS, data=st.data())
def test_each_is_asked_once_and_no_host_of_too_many_at_once(
    pace: str, open_ports: dict[str, set[int]], data: st.DataObject
) -> None:
    wanted = {
        address: sorted(data.draw(st.sets(st.sampled_from(sorted(numbers)))))
        for address, numbers in open_ports.items()
    }
    at_once = unnamed.ASKED_AT_ONCE[pace]
    made = unnamed.calls(wanted, open_ports, at_once)
    asked = [(a, n) for call in made for a, numbers in call.wanted.items() for n in numbers]
    assert sorted(asked) == sorted((a, n) for a, numbers in wanted.items() for n in numbers)
    for call in made:
        assert all(len(call.ports & open_ports[address]) <= at_once for address in call.wanted)


def test_hosts_with_the_same_silent_port_are_asked_together() -> None:
    wanted = {A: [88], B: [88], C: [111]}
    [call] = unnamed.calls(wanted, wanted, 3)
    assert call.ports == {88, 111} and call.wanted == wanted


def test_no_call_has_more_ports_than_a_host_is_given_time_for() -> None:
    wanted = {f"192.0.2.{n}": [n, 1000 + n, 2000 + n] for n in range(1, 200)}
    made = unnamed.calls(wanted, wanted, 3)
    assert max(len(call.ports) for call in made) <= unnamed.MOST_PORTS
    assert len(made) == 4 and sum(len(call.wanted) for call in made) == len(wanted)


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ([], ""),
        ([{"port": 22, "met": True}], ""),
        ([{"port": 22, "met": False}, {"port": 80, "met": True}], ""),
        ([{"port": 22, "met": False}, {"port": 80, "met": False}], "host-off"),
        ([{"port": 22, "met": True}, {"port": 80, "error": "host-limit"}], "timed-out"),
    ],
)
def test_a_host_that_takes_no_connection_any_more_was_not_asked(
    records: list[dict[str, object]], why: str
) -> None:
    assert services.doubt(records) == why
