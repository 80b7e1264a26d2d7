"""Identifiers: their forms, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import macs
from msptool.audit.identify import marks


@pytest.mark.parametrize(
    ("text", "mac"),
    [("00-25-90-AA-BB-CC", "00:25:90:aa:bb:cc"), ("01:00:5e:00:00:01", ""), ("zz", ""),
     ("ff:ff:ff:ff:ff:ff", ""), ("00:00:00:00:00:00", ""), ("00:25:90:aa:bb:cc:dd:ee", "")],
)  # fmt: skip
def test_macs(text: str, mac: str) -> None:
    assert macs.read(text) == mac


@pytest.mark.parametrize(
    ("mac", "why"),
    [("00:00:5e:00:01:20", "virtual router"), ("00:00:0c:9f:f1:02", "virtual router"),
     ("00:1a:7d:da:71:13", "on countless adapters"), ("50:50:54:50:30:30", "placeholder"),
     ("02:02:02:02:02:02", "placeholder"), ("00:25:90:aa:bb:cc", "")],
)  # fmt: skip
def test_macs_of_many(mac: str, why: str) -> None:
    assert marks.why_no_mac(mac) == why


def test_the_local_bit_but_for_qemus() -> None:
    assert [marks.is_local(f"{head}:00:00:00:01") for head in ("02:42", "da:a1", "bc:24")] == [
        True, True, False,
    ]  # fmt: skip
    assert not marks.is_local("52:54:00:12:34:56")


@pytest.mark.parametrize(
    ("text", "why"),
    [("uuid:5f3c2c1e-8a44-4d1b-9c0e-1f2a3b4c5d6e::upnp:rootdevice", ""),
     ("03000200-0400-0500-0006-000700080009", "placeholder"),
     ("12345678-1234-5678-90AB-CDDEEFAABBCC", "placeholder"),
     ("00000000-0000-0000-0000-000000000000", "placeholder"),
     ("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "placeholder"),
     ("a1b2c3d4e5f600000000000000000000", "placeholder")],
)  # fmt: skip
def test_uuids(text: str, why: str) -> None:
    plain, told = marks.uuid(text)
    assert len(plain) == 32 and told == why


@pytest.mark.parametrize(
    ("text", "why"),
    [("80001f8880a1b2c3d4e5f60718", ""), ("800000090300259011223344"[:22] + "55", ""),
     ("0x80 00 00 09 01 0a 00 00 01", "only an address"),
     ("80:00:00:00:00:00:00:00", "placeholder"),
     ("8000000903000000000000", "placeholder"), ("8000000903010203040506", ""),
     ("8000000903" + "00005e000101", "virtual router"),
     ("000000090a00000000000000", "only an address"),
     ("0000000902000025901122aa", "")],
)  # fmt: skip
def test_engine_ids(text: str, why: str) -> None:
    assert marks.engine(text)[1] == why


def test_an_engine_id_of_a_mac_shows_it() -> None:
    assert marks.engine_mac("800000090300259011223344"[:22]) == "00:25:90:11:22:33"
    assert marks.engine_mac("80001f8880a1b2c3d4e5f60718") == ""


def test_one_host_has_one_short_name_in_all_protocols() -> None:
    for name in ("FILES", "files.example.org", "Files.local"):
        assert marks.short(name) == "files"
    assert marks.short("ACCOUNTING-SERVER-2") == marks.short("ACCOUNTING-SERV")
    assert marks.short("192.0.2.7") == marks.short("fe80::1") == ""


def test_names_that_makers_give_to_all() -> None:
    assert all(map(marks.is_generic, ("raspberrypi", "raspberrypi-2", "iphone-3", "server", "pc")))
    assert not any(map(marks.is_generic, ("pc-7", "server2", "anna-iphone", "sw-core")))


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (macs.read, marks.uuid, marks.engine, marks.key, marks.short, marks.is_generic):
        read(text)
