"""Which ports nmap is to name, and how many of one host at once."""

import ipaddress

import pytest

from msptool.audit import services
from msptool.audit.facts import AnyFact, Grab, Port
from tests.unit.audit.build import NOW

A, B = "192.0.2.1", "192.0.2.2"


def port(address: str, number: int, *, proto: str = "tcp") -> Port:
    return Port(address=address, at=NOW, source="nmap", proto=proto, port=number, state="open")


def grab(address: str, number: int, greeting: str) -> Grab:
    return Grab(address=address, at=NOW, source="grab", port=number, greeting=greeting)


def test_only_what_kept_silent_and_is_not_fragile_is_asked() -> None:
    ports = [port(A, n) for n in (22, 139, 445, 3389, 10050, 53)] + [port(B, 9100), port(B, 80)]
    said = [grab(A, 22, "SSH-2.0-x"), grab(A, 445, "x"), grab(A, 3389, "")]
    said_too: list[AnyFact] = [*said, port(A, 53, proto="udp")]
    assert services._mute(services.open_ports(ports), said_too) == {A: [139, 3389]}


@pytest.mark.parametrize("pace", ["gentle", "normal", "fast"])
def test_every_port_of_every_host_is_asked_once(pace: str) -> None:
    mute = {A: list(range(8100, 8120)), B: [8100, 8101, 8102, 8200]}
    shared = services._shared(mute, services.ASKED_AT_ONCE[pace])
    for address, numbers in mute.items():
        mine = ipaddress.ip_address(address)
        assert [n for key, hosts in shared.items() if mine in hosts for n in key] == numbers


def test_at_the_gentle_pace_few_ports_of_a_host_are_asked_at_once() -> None:
    shared = services._shared({A: range(20), B: range(3)}, services.ASKED_AT_ONCE["gentle"])
    assert {len(numbers) for numbers in shared} == {3, 2}
    assert len(shared[0, 1, 2]) == 2
