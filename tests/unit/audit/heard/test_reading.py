"""Whose an announcement is, and which ones are none of our business."""

from datetime import UTC, datetime
from typing import Any

from msptool.audit import scope
from msptool.audit.facts import Heard
from msptool.audit.heard import reading
from msptool.profile.shape import Scope
from tests.unit.audit.heard.frames_of import CASES, recorded, udp

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OWNER = "02:00:5e:10:00:07"
FRAMES = {case.name: recorded(case) for case in CASES}


def read(raw: bytes, network: str = "198.51.100.0/24", macs: tuple[str, ...] = ()) -> list[Heard]:
    plan = scope.plan(
        Scope(networks=(network,), authorised_by="X", expires=AT.date()), AT.date()
    )  # fmt: skip
    record = {"interface": "eth0", "frame": raw.hex()}
    return reading.read([record], plan, AT, "e1", macs=macs)


def test_inside_the_scope_the_address_is_the_announcers() -> None:
    (fact,) = read(FRAMES["avahi-mdns"])
    assert (fact.address, fact.mac, fact.protocol) == ("198.51.100.7", OWNER, "mdns")
    assert (fact.source, fact.evidence, fact.interface) == ("listen", "e1", "eth0")


def test_strangers_are_dropped_unseen_but_not_a_known_mac_nor_what_is_of_our_cable() -> None:
    elsewhere = "203.0.113.0/24"
    kept = {name: read(raw, elsewhere) for name, raw in FRAMES.items()}
    assert {fact.protocol for facts in kept.values() for fact in facts} == reading.OF_THE_CABLE
    assert {fact.address for facts in kept.values() for fact in facts} == {""}
    (known,) = read(FRAMES["linux-arp"], elsewhere, (OWNER,))
    assert (known.address, known.mac) == ("", OWNER)


def test_a_repeater_gives_its_mac_to_no_one() -> None:
    """Some routers pass mDNS on between segments, with their own address as the source."""
    source = bytes.fromhex("c6336407")
    answer = FRAMES["avahi-mdns"]
    repeated = answer[:26] + bytes.fromhex("c6336401") + answer[30:]
    assert source in repeated
    (fact,) = read(repeated)
    assert (fact.address, fact.mac) == ("198.51.100.7", "")


def test_a_relayed_dhcp_request_is_its_clients() -> None:
    relayed = FRAMES["udhcpc-dhcp-2"]
    relayed = relayed[:6] + bytes.fromhex("02005e1000fe") + relayed[12:]
    relayed = relayed[:26] + bytes.fromhex("c63364fe") + relayed[30:]
    (fact,) = read(relayed)
    assert fact.mac == OWNER
    assert fact.address == fact.values["address"] != "198.51.100.254"


def test_the_same_announcement_twice_is_one_fact() -> None:
    plan = scope.plan(
        Scope(networks=("198.51.100.0/24",), authorised_by="X", expires=AT.date()), AT.date()
    )
    record = {"interface": "eth0", "frame": FRAMES["lldpd-lldp"].hex()}
    assert len(reading.read([record, record], plan, AT, "")) == 1


def test_records_that_are_none_are_passed_over() -> None:
    plan = scope.plan(
        Scope(networks=("198.51.100.0/24",), authorised_by="X", expires=AT.date()), AT.date()
    )
    odd: list[dict[str, Any]] = [
        {}, {"frame": 7}, {"frame": "zz"}, {"frame": "00" * 5000}, {"ready": ["eth0"]},
        {"done": True, "dropped": 3}, {"frame": udp(5353, b"\0\0\x84\0").hex()},
    ]  # fmt: skip
    assert reading.read(odd, plan, AT, "") == []
