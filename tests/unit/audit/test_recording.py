import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import mib, recording
from msptool.errors import UsageError

SNMPREC = b"""1.3.6.1.2.1.1.1.0|4|Model X | v1.2
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1
1.3.6.1.2.1.1.3.0|67|4711
1.3.6.1.2.1.2.2.1.6.1|4x|0050562a0b0c
1.3.6.1.2.1.1.6.0|4e|a\\nb\\x41
1.3.6.1.2.1.4.20.1.1.192.0.2.7|64|192.0.2.7
1.3.6.1.2.1.2.2.1.10.1|65:numeric|12
no line of it
1.3.6.1.2.1.2.2.1.10.2|65|twelve
"""

WALK = b""".1.3.6.1.2.1.1.1.0 = STRING: "Model X
v1.2 \\"quoted\\""
.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.9.1.1
.1.3.6.1.2.1.1.3.0 = Timeticks: (4711) 0:00:47.11
.1.3.6.1.2.1.1.5.0 = ""
.1.3.6.1.2.1.2.2.1.2.1 = STRING: eth0
.1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 00 50 56 2A 0B
0C
.1.3.6.1.2.1.2.2.1.8.1 = INTEGER: up(1)
.1.3.6.1.2.1.4.20.1.1.192.0.2.7 = IpAddress: 192.0.2.7
.1.3.6.1.2.1.31.1.1.1.6.1 = Counter64: 12
.1.3.6.1.2.1.99 = No Such Object available on this agent at this OID
"""


def test_snmprec() -> None:
    rows = recording.read(SNMPREC, name="x")
    assert mib.text(rows, mib.SYS_DESCR) == "Model X | v1.2"
    assert mib.identifier(rows, mib.SYS_OBJECT_ID) == "1.3.6.1.4.1.9.1.1"
    assert mib.number(rows, mib.SYS_UPTIME) == 4711
    assert mib.mac(mib.octets(rows[f"{mib.IF_MAC}.1"])) == "00:50:56:2a:0b:0c"
    assert mib.text(rows, "1.3.6.1.2.1.1.6.0") == "a\nbA"
    assert mib.octets(rows["1.3.6.1.2.1.4.20.1.1.192.0.2.7"]) == bytes((192, 0, 2, 7))
    assert rows[f"{mib.IF}.10.1"] == 12 and f"{mib.IF}.10.2" not in rows


def test_snmpwalk() -> None:
    rows = recording.read(WALK, name="x")
    assert mib.text(rows, mib.SYS_DESCR) == 'Model X\nv1.2 "quoted"'
    assert mib.identifier(rows, mib.SYS_OBJECT_ID) == "1.3.6.1.4.1.9.1.1"
    assert (mib.number(rows, mib.SYS_UPTIME), mib.number(rows, f"{mib.IF_OPER}.1")) == (4711, 1)
    assert mib.text(rows, f"{mib.IF_DESCR}.1") == "eth0" and rows[mib.SYS_NAME] == "x:"
    assert mib.mac(mib.octets(rows[f"{mib.IF_MAC}.1"])) == "00:50:56:2a:0b:0c"
    assert mib.octets(rows["1.3.6.1.2.1.4.20.1.1.192.0.2.7"]) == bytes((192, 0, 2, 7))
    assert rows[f"{mib.IFX}.6.1"] == 12 and "1.3.6.1.2.1.99" not in rows


def test_snmpwalk_without_mib_files_names_the_first_arc() -> None:
    told = b"iso.3.6.1.2.1.1.5.0 = STRING: sw1\niso.3.6.1.2.1.1.2.0 = OID: iso.3.6.1.4.1.9.1.1\n"
    rows = recording.read(told, name="x")
    assert mib.text(rows, mib.SYS_NAME) == "sw1" and mib.enterprise(rows) == 9


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"root:x:0:0:root:/root\n", b"1.3|4x|zz\n"])
def test_what_is_no_recording_is_said(data: bytes) -> None:
    with pytest.raises(UsageError, match="passwd: no SNMP answers"):
        recording.read(data, name="passwd")


@given(st.binary())
def test_any_bytes_are_rows_or_an_error(data: bytes) -> None:
    for noise in (data, b"1.3.6.1|4|" + data, b".1.3.6.1.2 = STRING: " + data):
        try:
            rows = recording.read(noise, name="x")
        except UsageError:
            continue
        assert all(isinstance(v, int) or v[:2] in ("x:", "o:") for v in rows.values())
