"""What a walk writes is what a recording says, in both forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import recording
from msptool.audit.snmp import ber, pdu, recorded
from msptool.audit.snmp.recorded import Row

ROWS: list[Row] = [
    ("1.3.6.1.2.1.1.1.0", ber.OCTETS, b'say "hello" \\ twice'),
    ("1.3.6.1.2.1.1.2.0", ber.OID, ber.oid("1.3.6.1.4.1.9.1.1")),
    ("1.3.6.1.2.1.1.3.0", pdu.TICKS, (123456789).to_bytes(4, "big")),
    ("1.3.6.1.2.1.1.4.0", ber.OCTETS, b""),
    ("1.3.6.1.2.1.1.5.0", ber.OCTETS, b"two\nlines | and = signs"),
    ("1.3.6.1.2.1.2.2.1.6.1", ber.OCTETS, bytes.fromhex("020000000001")),
    ("1.3.6.1.2.1.2.2.1.8.1", ber.INTEGER, b"\xff"),
    ("1.3.6.1.2.1.2.2.1.10.1", pdu.COUNTER, b"\x00\xff\xff\xff\xff"),
    ("1.3.6.1.2.1.31.1.1.1.6.1", pdu.COUNTER64, b"\x00" + b"\xff" * 8),
    ("1.3.6.1.2.1.4.20.1.1.192.0.2.1", pdu.IP_ADDRESS, bytes((192, 0, 2, 1))),
]


def meant(rows: list[Row]) -> dict[str, int | str]:
    told = ((name, pdu.plain(tag, value)) for name, tag, value in rows)
    known = {name: plain for name, plain in told if plain is not None}
    address = "1.3.6.1.2.1.4.20.1.1.192.0.2.1"
    return {**known, address: "x:c0000201"} if address in known else known


@pytest.mark.parametrize("form", ["snmprec", "snmpwalk"])
def test_written_rows_are_read(form: recorded.Format) -> None:
    text = "\n".join(recorded.lines(ROWS, form)) + "\n"
    assert recording.read(text.encode(), name="it") == meant(ROWS)


def test_the_forms_are_those_of_others() -> None:
    snmprec = list(recorded.lines(ROWS, "snmprec"))
    assert snmprec[1] == "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1"
    assert snmprec[5] == "1.3.6.1.2.1.2.2.1.6.1|4x|020000000001"
    walked = list(recorded.lines(ROWS, "snmpwalk"))
    assert walked[2] == ".1.3.6.1.2.1.1.3.0 = Timeticks: (123456789) 14:6:56:07.89"
    assert walked[5] == ".1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 02 00 00 00 00 01"


@pytest.mark.parametrize("form", ["snmprec", "snmpwalk"])
@given(values=st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_any_octets_come_back(form: recorded.Format, values: list[bytes]) -> None:
    rows: list[Row] = [(f"1.3.6.1.9.{n}", ber.OCTETS, one) for n, one in enumerate(values)]
    text = "\n".join(recorded.lines(rows, form)) + "\n"
    assert recording.read(text.encode(), name="it") == meant(rows)


def test_what_is_no_value_is_left_out() -> None:
    rows: list[Row] = [("1.3.6.1", tag, b"") for tag in (5, 0x80, 0x82, ber.INTEGER)]
    assert list(recorded.lines(rows, "snmprec")) == []
