"""BER of names and numbers: what is written is read, order is kept, and nothing else raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.snmp import ber, community, pdu, secure
from msptool.audit.snmp.ber import Malformed, Reader

ARCS = st.lists(st.integers(0, ber.MOST_ARC), max_size=9).map(lambda tail: (1, 3, *tail))


def encoded(arcs: tuple[int, ...]) -> bytes:
    return ber.oid(".".join(map(str, arcs)))


@given(ARCS)
def test_names_come_back(arcs: tuple[int, ...]) -> None:
    assert ber.arcs(encoded(arcs)) == arcs
    assert ber.dotted(encoded(arcs)) == ".".join(map(str, arcs))


@given(ARCS, ARCS)
def test_a_subtree_is_what_begins_with_its_octets(
    one: tuple[int, ...], two: tuple[int, ...]
) -> None:
    assert encoded(two).startswith(encoded(one)) == (two[: len(one)] == one)


@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_come_back(number: int) -> None:
    assert Reader(ber.integer(number)).integer() == number


@given(st.integers(0, 2**64 - 1))
def test_counters_have_no_sign(number: int) -> None:
    tag, begin, end = ber.element(
        data := ber.integer(number, 0x46), 0, 11 if number >> 63 else len(data)
    )
    assert (tag, pdu.plain(tag, data[begin:end])) == (0x46, number)


@given(st.binary(max_size=400))
def test_lengths_come_back(content: bytes) -> None:
    assert Reader(ber.octets(content)).octets() == content


@pytest.mark.parametrize(
    "content", [b"", b"\x2b\x80\x01", b"\x2b\x86", b"\x2b" + b"\xff" * 9 + b"\x01", b"\x2b" * 700]
)
def test_names_that_are_none(content: bytes) -> None:
    with pytest.raises(Malformed):
        ber.dotted(content)


@pytest.mark.parametrize(
    "text", ["", "1", "3.1", "1.40", "1.3.-1", "1.3.4294967296", "1..3", "a.b"]
)
def test_texts_that_are_no_name(text: str) -> None:
    with pytest.raises(Malformed):
        ber.oid(text)


RIGHT = ber.sequence(
    ber.integer(1), ber.octets(b"public"),
    ber.sequence(
        ber.integer(77), ber.integer(0), ber.integer(0),
        ber.sequence(
            ber.sequence(ber.tlv(ber.OID, ber.oid("1.3.6.1")), ber.octets(b"x" * 200)),
            ber.sequence(ber.tlv(ber.OID, ber.oid("1.3.6.2")), ber.integer(5)),
        ),
        tag=pdu.RESPONSE,
    ),
)  # fmt: skip


def test_an_answer_is_read() -> None:
    found = community.read(RIGHT, community.V2C, b"public")
    assert (found.request_id, found.status) == (77, "noError")
    assert [(ber.dotted(name), tag) for name, tag, _ in found.varbinds] == [
        ("1.3.6.1", ber.OCTETS), ("1.3.6.2", ber.INTEGER),
    ]  # fmt: skip


@pytest.mark.parametrize("cut", range(len(RIGHT)))
def test_a_cut_answer_is_malformed(cut: int) -> None:
    with pytest.raises(Malformed):
        community.read(RIGHT[:cut], community.V2C, b"public")


@given(st.integers(0, len(RIGHT) - 1), st.integers(0, 255))
def test_a_changed_answer_is_read_or_malformed(at: int, octet: int) -> None:
    data = RIGHT[:at] + bytes([octet]) + RIGHT[at + 1 :]
    try:
        found = community.read(data, community.V2C, b"public")
        [pdu.plain(tag, value) for _, tag, value in found.varbinds]
    except Malformed:
        pass


@given(st.binary(max_size=200))
def test_noise_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        community.read(data, community.V2C, b"public")
    with pytest.raises((Malformed, secure.Unauthentic)):
        secure.opened(data, secure.outer(data), secure.NOBODY)
