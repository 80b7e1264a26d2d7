"""The kernel's filter, step by step: it lets through what the second look takes, and no more."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.heard import frames
from msptool.audit.workers import sieve
from msptool.audit.workers.listen import Limits
from tests.unit.audit.heard.frames_of import CASES, every, recorded, udp

STEPS = sieve.assembled()
HOST, OUTGOING = 0, 4


def passes(raw: bytes, *, direction: int = HOST) -> bool:
    """Run the filter as the kernel does: a read beyond the frame drops it."""
    held = index = at = 0
    while True:
        code, yes, no, k = STEPS[at]
        at += 1
        if code == 0x06:
            return k > 0
        if code in (0x15, 0x25, 0x45):
            met = {0x15: held == k, 0x25: held > k, 0x45: bool(held & k)}[code]
            at += yes if met else no
        elif k == 0xFFFFF004:
            held = direction
        elif code == 0xB1:
            index = 4 * (raw[k] & 15)
        else:
            size = {0x30: 1, 0x28: 2, 0x20: 4, 0x50: 1, 0x48: 2, 0x40: 4}[code]
            where = k + (index if code in (0x50, 0x48, 0x40) else 0)
            if where + size > len(raw):
                return False
            held = int.from_bytes(raw[where : where + size])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_announcements_pass_and_what_we_or_two_stations_say_does_not(case: Path) -> None:
    raw = recorded(case)
    assert passes(raw)
    assert not passes(raw, direction=OUTGOING)
    to_one = b"\x02" + raw[1:]
    assert not passes(to_one)
    assert frames.split(to_one) is None


def test_other_talk_does_not_pass() -> None:
    question = udp(5353, b"\0\0\0\0" + bytes(20))
    search = udp(1900, b"M-SEARCH * HTTP/1.1\r\n\r\n")
    tcp = question[:23] + b"\x06" + question[24:]
    others = [udp(port, b"x" * 20) for port in (53, 137, 138, 161, 1901, 3702, 5355)]
    for raw in (question, search, tcp, *others):
        assert not passes(raw)
        assert frames.split(raw) is None


@given(st.sampled_from(every()), st.integers(12, 70), st.binary(min_size=1, max_size=8))
def test_both_looks_agree(raw: bytes, at: int, put: bytes) -> None:
    """What the second look takes the first has let through (VLAN tags the kernel takes off)."""
    changed = raw[:at] + put + raw[at + len(put) :]
    frame = frames.split(changed)
    if frame is not None and changed[12:14] not in (b"\x81\0", b"\x88\xa8"):
        assert passes(changed)


def test_a_tagged_frame_is_read_like_a_bare_one() -> None:
    raw = every()[0]
    tagged = raw[:12] + b"\x81\0\0\x28" + raw[12:]
    assert frames.split(tagged) == frames.split(raw)
    assert frames.split(raw[:12] + b"\x81\0\0\x28" * 3 + raw[12:]) is None


def test_each_announcement_is_told_once_and_within_the_limits() -> None:
    limits = Limits(rate_pps=5, most=12, most_a_sender=10)
    told = [frames.split(udp(5353, b"\0\0\x84\0" + bytes([n] * 9))) for n in range(20)]
    assert [limits.let(frame, 1.0) for frame in told[:6] if frame] == [True] * 5 + [False]
    assert not limits.let(told[0], 2.0) if told[0] else False
    assert limits.dropped == 1
    assert sum(limits.let(frame, 3.0 + n) for n, frame in enumerate(told[5:]) if frame) == 5
    other = frames.split(every()[0].replace(bytes.fromhex("02005e100007"), bytes(5) + b"\2"))
    assert other
    assert limits.let(other, 30.0)


def test_counters_and_ages_make_no_new_announcement() -> None:
    for name, at in (("linux-stp", 44), ("udhcpc-dhcp", 46), ("avahi-mdns", 43), ("linux-arp", 40)):
        raw = next(recorded(case) for case in CASES if case.name == name)
        aged = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        one, other = frames.split(raw), frames.split(aged)
        assert one
        assert other
        assert frames.key(one) == frames.key(other)
