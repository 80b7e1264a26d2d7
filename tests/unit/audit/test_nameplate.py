"""Vendor, model, version, serial and kind, from witnesses of unequal worth."""

import pytest
from hypothesis import given

from msptool.audit import mib, nameplate
from msptool.audit.families import Family, shipped_families
from msptool.audit.mib import Rows
from msptool.audit.nameplate import Nameplate
from msptool.audit.witness import Said
from tests.unit.audit.agents import Row, column, hostile, octets, system

CISCO = "1.3.6.1.4.1.9.1.1208"


def read(rows: Rows) -> Nameplate:
    return nameplate.read(rows, shipped_families())


def chassis(index: int, kind: int, serial: str, model: str = "") -> dict[str, Row]:
    return {
        f"{mib.ENTITY_CLASS}.{index}": kind,
        f"{mib.ENTITY_SERIAL}.{index}": octets(serial),
        f"{mib.ENTITY_MODEL}.{index}": octets(model),
    }


def test_the_chassis_speaks_and_not_its_stack_or_modules() -> None:
    parts = {
        **chassis(1, mib.STACK, "STACK001"),
        **chassis(1000, 9, "MODULE01", "NM-8"),
        **chassis(1001, mib.CHASSIS, "FOC1234X0AB", "WS-C2960X-24TS-L"),
        **chassis(2001, mib.CHASSIS, "FOC5678Y0CD"),
    }
    plate = read({**system("Cisco IOS Software, Version 15.2(7)E4, RELEASE", CISCO), **parts})
    assert (plate.vendor, plate.model, plate.serial, plate.version) == (
        "Cisco", "WS-C2960X-24TS-L", "FOC1234X0AB", "15.2(7)E4",
    )  # fmt: skip


def test_a_stack_speaks_where_no_chassis_does() -> None:
    assert read(chassis(1, mib.STACK, "STACK001")).serial == "STACK001"


@pytest.mark.parametrize(
    "serial",
    [
        "", "0", "000000", "xxxxxxxx", "N/A", "To be filled by O.E.M.", "Default string",
        "System Serial Number", "0123456789", "abc", "-----", "Not Specified", "B8A44F000000",
    ],
)  # fmt: skip
def test_junk_is_no_serial(serial: str) -> None:
    """Two machines with one placeholder would become one asset."""
    assert nameplate.is_junk(serial)
    assert read(chassis(1, mib.CHASSIS, serial)).serial == ""


@pytest.mark.parametrize("serial", ["FOC1234X0AB", "CN-0123", "ABCD", "1111211", "FMAC1234"])
def test_a_real_serial_is_none(serial: str) -> None:
    assert not nameplate.is_junk(serial)


@pytest.mark.parametrize(
    ("told", "serial"),
    [
        ("System MAC: fc-ec-da-bf-69-55", "fc-ec-da-bf-69-55"),
        ("S/N: AB12345678", "AB12345678"),
        ("SNAB12345678", "SNAB12345678"),
        ("Serial Number: 000000", ""),
    ],
)
def test_a_serial_is_told_without_its_label(told: str, serial: str) -> None:
    assert read(chassis(1, mib.CHASSIS, told)).serial == serial


def test_only_a_family_may_tell_a_short_serial() -> None:
    oid = "1.3.6.1.4.1.99999.1.1.0"
    rows = {**system("", "1.3.6.1.4.1.99999.1"), oid: 239}
    family = Family(vendor="Small", kind="network", enterprises=(99999,), serial=(oid,))
    assert nameplate.read(rows, [family]).serial == "239"
    assert read(chassis(1, mib.CHASSIS, "239")).serial == ""


def test_the_vendors_name_is_not_said_twice() -> None:
    printer = {
        **system("", "1.3.6.1.4.1.2435.2.3.9.1"),
        **column(mib.HR_DEVICE_TYPE, {1: f"o:{mib.HR_PRINTER}", 2: "o:1.3.6.1.2.1.25.3.1.3"}),
        **column(mib.HR_DEVICE_DESCR, {1: octets("brother HL-L2340D"), 2: octets("CPU")}),
    }
    plate = read(printer)
    assert (plate.vendor, plate.model) == ("Brother", "HL-L2340D")


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ({f"{mib.PRINTER_SERIAL}.1": octets("X")}, "printer"),
        ({mib.UPS_MAKER: octets("APC")}, "power"),
        (system("Linux", "1.3.6.1.4.1.8072.3.2.10"), "server"),
        (system("", CISCO), "network"),
        ({**system("", CISCO), f"{mib.BASE_PORT_IFINDEX}.1": 1}, "switch"),
        ({**system("", CISCO), mib.SYS_SERVICES: 78}, "router"),
        (system("", "1.3.6.1.4.1.99999.1"), "network"),  # whoever has an agent of its own mostly is
        ({}, ""),
    ],
)
def test_the_kind_is_told_by_what_only_such_things_answer(rows: Rows, kind: str) -> None:
    assert read(rows).kind == kind


def test_an_agents_maker_is_not_the_machines() -> None:
    assert read(system("Linux web 6.1", "1.3.6.1.4.1.8072.3.2.10")).vendor == ""


def test_a_family_that_is_not_known_changes_nothing() -> None:
    switch = system("Switch, Version 15.1", "1.3.6.1.4.1.43.1.1")
    rows = {**switch, **chassis(1, mib.CHASSIS, "FOC1234X0AB")}
    without = nameplate.read(rows, [Family(vendor="Other", kind="camera", enterprises=(1,))])
    assert (without.vendor, without.serial, without.version) == ("3Com", "FOC1234X0AB", "15.1")


@given(hostile())
def test_no_agent_can_crash_us(rows: dict[str, Row]) -> None:
    plate = read(rows)
    assert plate.serial == "" or not nameplate.is_junk(plate.serial)


@pytest.mark.parametrize("serial", ["CPDPPHRKVDAN", "HKVWZRTQ", "LGXBDKTAMEOW"])
def test_a_serial_of_letters_alone_where_a_serial_stands(serial: str) -> None:
    assert read(chassis(1, mib.CHASSIS, serial)).serial == serial


@pytest.mark.parametrize(
    "word",
    ["UNAVAILABLE", "MAINBOARD", "PERMISSION", "ABCDEFGHIJ", "XXXXXXXX", "SERIALNUMBER", "CATALYST",
     "BACKPLANE", "WORKSTATION", "HKVWZRT", "hkvwzrtq", "HKVW ZRTQ"],
)  # fmt: skip
def test_a_word_is_no_serial(word: str) -> None:
    assert read(chassis(1, mib.CHASSIS, word)).serial == ""


def test_letters_alone_are_no_serial_by_a_look() -> None:
    assert not nameplate.is_plausible(Said("serial", "CPDPPHRKVDAN", 0.7, "sysDescr"))
    assert nameplate.is_plausible(Said("serial", "CPDPPHRKVDAN", 0.7, "mtxrSerialNumber"))
