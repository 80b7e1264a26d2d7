"""DNS messages: whole, cut, going round; and what is no answer to a question of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import dnswire
from msptool.audit.names import trouble
from msptool.audit.workers import dns

ADDRESS = "198.51.100.7"
OWNER = dnswire.reverse(ADDRESS)


def response(
    ident: int, *, owner: bytes = b"\xc0\x0c", target: bytes = b"\x02pc\x03lab\x00"
) -> bytes:
    """Return an answer to the question for our address, with one PTR."""
    asked = bytearray(dnswire.question(ident, dnswire.PTR, OWNER))
    asked[2:4], asked[6:8] = b"\x84\x00", b"\x00\x01"
    return (
        bytes(asked)
        + owner
        + b"\x00\x0c\x00\x01\x00\x00\x0e\x10"
        + len(target).to_bytes(2)
        + target
    )


def test_a_question_is_read_back() -> None:
    message = dnswire.read(dnswire.question(7, dnswire.PTR, OWNER))
    assert message
    assert (message.ident, message.flags, message.whole) == (7, 0, True)
    assert message.questions == ((OWNER, dnswire.PTR),)
    assert dnswire.dotted(OWNER) == "7.100.51.198.in-addr.arpa"
    assert dnswire.dotted(dnswire.reverse("2001:db8::7")).endswith("8.b.d.0.1.0.0.2.ip6.arpa")


def test_an_answer_names_our_address_and_no_other() -> None:
    message = dnswire.read(response(7))
    assert message
    assert dns.answers(message, ADDRESS)
    assert dns.names(message, ADDRESS) == ["pc.lab"]
    assert not dns.answers(message, "198.51.100.8")
    stray = dnswire.read(response(7, owner=b"\x018\xc0\x0e"))
    assert stray
    assert dns.names(stray, ADDRESS) == []
    echo = dnswire.read(dnswire.question(7, dnswire.PTR, OWNER))
    assert echo
    assert not dns.answers(echo, ADDRESS)


@pytest.mark.parametrize("target", [b"\xc0\x0c" * 9, b"\xff", b"\x3f", b"\x40" + b"a" * 70])
def test_names_that_go_round_or_break_off_end_the_message(target: bytes) -> None:
    own = len(response(7, target=b"")) | 0xC000
    for odd in (target, own.to_bytes(2), b"\x01a" + own.to_bytes(2)):
        message = dnswire.read(response(7, target=odd))
        assert message
        assert len(message.records) <= 1


def test_a_message_cut_anywhere_is_known_as_cut() -> None:
    data = response(7)
    for at in range(len(data)):
        message = dnswire.read(data[:at])
        assert message is None or not message.whole
        assert message is None or not message.records


@given(st.binary(max_size=300))
def test_no_datagram_can_crash_us(data: bytes) -> None:
    message = dnswire.read(data)
    for record in message.records if message else ():
        assert isinstance(record.address + dnswire.dotted(record.name), str)
        assert len(record.strings) <= len(record.octets)


@given(st.binary(max_size=60))
def test_no_tail_can_crash_us(tail: bytes) -> None:
    data = response(7)
    for keep in (12, 30, 43, 55):
        message = dnswire.read(data[:keep] + tail)
        assert message
        assert all(len(dnswire.dotted(r.owner)) <= 1100 for r in message.records)


@pytest.mark.parametrize("text", ["", ".", "a..b", "a" * 64, "a." * 130])
def test_what_is_no_domain_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        dnswire.spelt(text)
    assert dnswire.spelt("Office.example.") == (b"Office", b"example")


def test_silence_and_a_limit_are_troubles() -> None:
    assert trouble([]) == "no-answer"
    assert trouble([{"done": True, "answered": 0, "left": 0}]) == "no-answer"
    assert trouble([{"done": True, "answered": 3, "left": 9}]) == "partial"
    assert trouble([{"done": True, "answered": 3, "left": 0}]) == ""


def zone(*records: bytes) -> bytes:
    """Return a message of a transfer."""
    head = b"\x00\x07\x84\x00\x00\x00" + len(records).to_bytes(2) + bytes(4)
    return head + b"".join(records)


SOA = b"\x03lab\x00\x00\x06\x00\x01\x00\x00\x0e\x10\x00\x00"
HOST = b"\x02pc\x03lab\x00\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc6\x33\x64\x07"


def test_a_transfer_ends_with_its_second_soa_or_where_it_breaks() -> None:
    pc = ("198.51.100.7", "pc.lab")
    assert list(dns._zone(iter([zone(SOA, HOST), zone(HOST, SOA), zone(HOST)]))) == [pc, pc]
    assert list(dns._zone(iter([zone(SOA), b"rubbish", zone(HOST)]))) == []
    refused = b"\x00\x07\x84\x05" + zone(HOST)[4:]
    assert list(dns._zone(iter([refused]))) == []
