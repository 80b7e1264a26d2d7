"""What announcements say: layouts that no recording has, cut and hostile ones."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.heard import cdp, dhcp, frames, lldp, mndp, neighbours, ssdp, stp
from msptool.audit.heard.reading import READERS
from tests.unit.audit.heard.frames_of import CASES, every, lldp_tlv, recorded, tlv, udp

Reader = Callable[[bytes], dict[str, str]]
LLDP_HEAD = lldp_tlv(1, b"\4\2\0\x5e\x10\0\7") + lldp_tlv(2, b"\5ge-0/0/1") + lldp_tlv(3, b"\0\x78")


def read(raw: bytes) -> dict[str, str]:
    frame = frames.split(raw)
    return READERS[frame.protocol](frame.payload) if frame else {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_frame_cut_anywhere_says_less_and_never_crashes(case: Path) -> None:
    raw = recorded(case)
    whole = set(read(raw))
    assert whole
    for at in range(len(raw)):
        assert set(read(raw[:at])) <= whole


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spoilt_frames_never_crash(case: Path) -> None:
    raw = recorded(case)
    draw = random.Random(case.name)
    for _ in range(200):
        spoilt = bytearray(raw)
        for _ in range(draw.randrange(1, 6)):
            spoilt[draw.randrange(12, len(raw))] = draw.choice((0, 1, 127, 128, 255))
        check(read(bytes(spoilt)))


@given(st.sampled_from(sorted(READERS.items(), key=str)), st.binary(max_size=400))
def test_no_payload_can_crash_a_reader(reader: tuple[str, Reader], data: bytes) -> None:
    check(reader[1](data))


@given(st.sampled_from(every()), st.binary(max_size=300))
def test_a_head_with_rubbish_behind_never_crashes(raw: bytes, rubbish: bytes) -> None:
    for keep in (14, 22, 42, 62):
        check(read(raw[:keep] + rubbish))


def check(values: dict[str, str]) -> None:
    for value in values.values():
        assert 0 < len(value) <= 4096
        assert all(line.isprintable() for line in value.split("\n"))


def test_lldp_of_a_phone_with_vlans_and_power() -> None:
    told = lldp.read(
        LLDP_HEAD
        + lldp_tlv(127, b"\0\x80\xc2\1\0\x0a")
        + lldp_tlv(127, b"\0\x80\xc2\3\0\x0a\6office")
        + lldp_tlv(127, b"\0\x80\xc2\3\0\x28\5voice")
        + lldp_tlv(127, b"\0\x12\xbb\1\0\x3f\3")
        + lldp_tlv(127, b"\0\x12\xbb\2\1" + (40 << 9 | 5 << 6 | 46).to_bytes(3))
        + lldp_tlv(127, b"\0\x12\x0f\2\7\1\4\1\0\x82\0\x41")
        + lldp_tlv(8, b"\x05\1\xc6\x33\x64\x07\2\0\0\0\1\0")
        + lldp_tlv(8, b"\x11\2" + bytes.fromhex("20010db8000500000000000000000007") + b"\2\0\0\0\1")
        + lldp_tlv(7, b"\0\x24\0\x24")
        + lldp_tlv(0, b"")
        + lldp_tlv(5, b"after the end")
    )
    assert told == {
        "chassis": "02:00:5e:10:00:07",
        "port": "ge-0/0/1",
        "ttl_s": "120",
        "native-vlan": "10",
        "vlans": "10 office\n40 voice",
        "med-class": "3",
        "voice-vlan": "40",
        "poe": "source",
        "poe-class": "3",
        "poe-asked_w": "13",
        "poe-given_w": "6.5",
        "addresses": "198.51.100.7\n2001:db8:5::7",
        "capabilities": "bridge phone",
    }


def test_lldp_without_its_three_first_is_none() -> None:
    assert lldp.read(LLDP_HEAD)
    assert lldp.read(LLDP_HEAD[9:]) == {}
    assert lldp.read(LLDP_HEAD[:-4]) == {}


def test_cdp_of_a_switch() -> None:
    ipv4 = b"\1\1\xcc\0\4\xc6\x33\x64\x02"
    ipv6 = b"\2\x08\xaa\xaa\3\0\0\0\x86\xdd\0\x10" + bytes.fromhex("20010db8" + "00" * 11 + "02")

    def field(kind: int, value: bytes) -> bytes:
        return kind.to_bytes(2) + (4 + len(value)).to_bytes(2) + value

    told = cdp.read(
        b"\2\xb4\0\0"
        + field(1, b"SEP0002B3000001")
        + field(2, b"\0\0\0\2" + ipv4 + ipv6)
        + field(3, b"GigabitEthernet1/0/1")
        + field(4, b"\0\0\0\x90")
        + field(5, b"Cisco IOS Software\nVersion 15.2")
        + field(6, b"cisco WS-C2960X")
        + field(9, b"office")
        + field(10, b"\0\1")
        + field(11, b"\1")
        + field(14, b"\1\0\x28")
        + field(16, b"\x18\x9c")
        + field(22, b"\0\0\0\1" + ipv4)
    )
    assert told == {
        "name": "SEP0002B3000001",
        "addresses": "198.51.100.2\n2001:db8::2",
        "port": "GigabitEthernet1/0/1",
        "capabilities": "host phone",
        "version": "Cisco IOS Software Version 15.2",
        "platform": "cisco WS-C2960X",
        "vtp-domain": "office",
        "native-vlan": "1",
        "duplex": "full",
        "voice-vlan": "40",
        "power_w": "6.3",
        "management": "198.51.100.2",
        "ttl_s": "180",
    }


def test_cdp_that_counts_more_addresses_than_there_are() -> None:
    assert cdp.read(b"\2\xb4\0\0\0\2\0\x08\xff\xff\xff\xff") == {}


def test_mndp_of_a_router() -> None:
    """As the manual and Wireshark's dissector lay it out; no device was at hand."""
    data = (
        b"\0\0\0\7"
        + tlv(1, bytes.fromhex("02005e100009"))
        + tlv(5, b"gw-lab")
        + tlv(7, b"6.49.10 (long-term)")
        + tlv(8, b"MikroTik")
        + tlv(10, b"\x10\x0e\0\0")
        + tlv(11, b"ABCD-1234")
        + tlv(12, b"RB750Gr3")
        + tlv(16, b"bridge/ether2")
        + tlv(17, b"\xc6\x33\x64\x01")
    )
    assert mndp.read(data) == {
        "owner": "02:00:5e:10:00:09",
        "name": "gw-lab",
        "version": "6.49.10 (long-term)",
        "platform": "MikroTik",
        "uptime_s": "3600",
        "software-id": "ABCD-1234",
        "board": "RB750Gr3",
        "port": "bridge/ether2",
        "addresses": "198.51.100.1",
    }
    assert mndp.read(bytes(4)) == {}, "a question"
    assert read(udp(5678, data))["board"] == "RB750Gr3"


def test_stp_of_the_fast_kind_and_of_a_vlan() -> None:
    bpdu = bytes.fromhex("0000 02 02 3c 8028 02005e100001 00004e20 8028 02005e100007 8002")
    bpdu += bytes.fromhex("0100 1400 0200 0f00 00")
    told = stp.read(bpdu)
    assert (told["version"], told["vlan"], told["cost"]) == ("rstp", "40", "20000")
    assert (told["root"], told["bridge"]) == ("02:00:5e:10:00:01", "02:00:5e:10:00:07")
    assert stp.read(b"\0\0\0\x80") == {}, "a topology change notice names nobody"


def test_an_arp_probe_claims_no_address_yet() -> None:
    probe = bytes.fromhex("0001080006040001 02005e100007 00000000 000000000000 c6336407")
    assert neighbours.arp(probe) == {}


def test_dhcp_options_in_parts_and_an_answer_that_no_server_may_give() -> None:
    head = (
        b"\1\1\6\0" + bytes(24) + bytes.fromhex("02005e100007") + bytes(202) + b"\x63\x82\x53\x63"
    )
    assert len(head) == 240
    told = dhcp.read(head + b"\x35\1\1\x0c\2pc\0\x0c\4-lab\xff")
    assert told == {"message": "discover", "owner": "02:00:5e:10:00:07", "name": "pc-lab"}
    assert dhcp.read(b"\2" + head[1:] + b"\x35\1\1\xff") == {}


def test_ssdp_that_takes_leave_says_nothing() -> None:
    alive = b"NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\nUSN: uuid:4D-1::x\r\nServer: x\r\n\r\n"
    assert ssdp.read(alive) == {"uuid": "4d-1", "server": "x"}
    assert ssdp.read(alive.replace(b"alive", b"byebye")) == {}
    assert ssdp.read(b"M-SEARCH * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n") == {}
