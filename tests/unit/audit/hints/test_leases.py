"""Leases: the forms that no server here writes, cut and hostile files."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.hints import leases
from msptool.audit.hints.leads import Lead, lead
from tests.unit.audit.heard.frames_of import CASES

FILES = {
    case.name: next(case.glob("answer.*")).read_bytes()
    for case in sorted((CASES[0].parents[1] / "leases").iterdir())
}
# As Export-Csv of a Windows DHCP server writes it (its documented properties, invented values).
WINDOWS = b"""#TYPE Microsoft.Management.Infrastructure.CimInstance#DhcpServerv4Lease
"IPAddress","ScopeId","Description","ClientId","HostName","AddressState","LeaseExpiryTime"
"198.51.100.21","198.51.100.0",,"02-00-5e-10-00-21","pc-21.office.example","Active","24.11.2026"
"198.51.100.22","198.51.100.0","Lift, 2nd floor","02-00-5e-10-00-22",,"ActiveReservation",
"""
# As RouterOS's manual names the fields of a lease; terse prints each as NAME=VALUE.
TERSE = (
    b"0   address=198.51.100.31 mac-address=02:00:5E:10:00:31 server=lan status=bound"
    b" active-address=198.51.100.131 active-mac-address=02:00:5E:10:00:32 host-name=prn-31\n"
    b" 1 D address=198.51.100.33 mac-address=02:00:5E:10:00:33 server=lan status=bound"
    b' host-name="old pc"\n'
)


def test_windows_in_three_dialects() -> None:
    wanted = (
        Lead("198.51.100.21", "02:00:5e:10:00:21", "pc-21.office.example"),
        Lead("198.51.100.22", "02:00:5e:10:00:22"),
    )
    assert leases.read(WINDOWS) == wanted
    assert leases.read(WINDOWS.decode().encode("utf-16")) == wanted
    plain = WINDOWS.split(b"\n", 1)[1].replace(b"Lift, 2nd floor", b"Lift")
    assert leases.read(plain.replace(b",", b";").replace(b"\n", b"\r\n")) == wanted


def test_routeros_tells_the_address_that_is_really_used() -> None:
    assert leases.read(TERSE) == (
        Lead("198.51.100.131", "02:00:5e:10:00:32", "prn-31"),
        Lead("198.51.100.33", "02:00:5e:10:00:33", "old pc"),
    )


def test_isc_the_last_word_counts_and_an_abandoned_address_is_somebodys() -> None:
    head = b"authoring-byte-order little-endian;\n"
    old = b"lease 198.51.100.9 {\n  hardware ethernet 02:00:5e:10:00:08;\n}\n"
    new = b'lease 198.51.100.9 {\n  uid "}{";\n  hardware ethernet 02:00:5e:10:00:09;\n}\n'
    taken = b"lease 198.51.100.8 {\n  binding state abandoned;\n}\n"
    never = b"lease 198.51.100.7 {\n  binding state free;\n}\n"
    assert leases.read(head + old + taken + never + new) == (
        Lead("198.51.100.9", "02:00:5e:10:00:09"),
        Lead("198.51.100.8"),
    )


def test_a_file_of_another_kind_is_told_from_an_empty_one() -> None:
    assert leases.read(b"") is None
    assert leases.read(b"root:x:0:0:root:/root:/bin/bash\n") is None
    assert leases.read(b"\x89PNG\r\n\x1a\n" + bytes(300)) is None
    assert leases.read(b"authoring-byte-order little-endian;\n") == ()
    assert leases.read(b"address,hwaddr,client_id,valid_lifetime\n") == ()


@pytest.mark.parametrize("data", [*FILES.values(), WINDOWS, TERSE])
def test_a_file_cut_or_spoilt_anywhere_gives_no_more_and_no_crash(data: bytes) -> None:
    whole = leases.read(data)
    assert whole
    draw = random.Random(len(data))
    for at in range(0, len(data), 7):
        assert len(leases.read(data[:at]) or ()) <= len(whole)
        spoilt = data[:at] + bytes([draw.choice((0, 34, 10, 123, 255))]) + data[at + 1 :]
        assert len(leases.read(spoilt) or ()) <= len(whole) + 1


@given(st.sampled_from(sorted(FILES.values())), st.binary(max_size=200))
def test_no_tail_can_crash_us(data: bytes, tail: bytes) -> None:
    assert leases.read(data[:400] + tail) is None or True


@pytest.mark.parametrize(
    "address", ["", "x", "::", "127.0.0.1", "224.0.0.251", "255.255.255.255", "fe80::1%eth0"]
)
def test_what_is_no_host_is_no_lead(address: str) -> None:
    assert lead(address) is None


def test_junk_beside_an_address_is_left_out() -> None:
    assert lead("198.51.100.9", "ff:ff:ff:ff:ff:ff", "a\x1b[31m") == Lead("198.51.100.9")
    assert lead("198.51.100.9", "0200.5e10.0007", "*") == Lead("198.51.100.9", "02:00:5e:10:00:07")
