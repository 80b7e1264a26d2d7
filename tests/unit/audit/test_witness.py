"""What nobody taught msptool: devices speak through standard MIBs, names of objects, sysDescr."""

import pytest

from msptool.audit import mib, nameplate, tables
from msptool.audit.mib import Rows


def rows(**known: str) -> Rows:
    """Return rows of a device whose sysDescr is `descr`, of an enterprise without a family."""
    found = {mib.SYS_DESCR: known.get("descr", ""), **known}
    return {
        oid: f"x:{text.encode().hex()}"
        for oid, text in found.items()
        if oid not in ("descr", "oid")
    } | {mib.SYS_OBJECT_ID: known.get("oid", "o:1.3.6.1.4.1.999999.1")}


@pytest.mark.parametrize(
    ("descr", "version", "model", "serial"),
    [
        ("ACME-24P Version 5.3.1, S/N: AB12345678", "5.3.1", "ACME-24P", "AB12345678"),
        ("<<HW_REV: 1; SW_REV: 2.4.1-b; MODEL: CM-9>>", "2.4.1-b", "CM-9", ""),
        ("Boot version 1.0.0 software version 4.5.6(7)", "4.5.6(7)", "", ""),
        ("Short Name 3000", "", "Short Name 3000", ""),
    ],
)
def test_sysdescr(descr: str, version: str, model: str, serial: str) -> None:
    plate = nameplate.read(rows(descr=descr), ())
    assert plate.version == version and plate.serial == serial
    assert not model or plate.model == model


def test_the_chassis_speaks_before_its_parts() -> None:
    entity: Rows = {
        f"{mib.ENTITY_CLASS}.1": 9, f"{mib.ENTITY_SERIAL}.1": "x:" + b"MODULE1234".hex(),
        f"{mib.ENTITY_CLASS}.2": mib.CHASSIS, f"{mib.ENTITY_SERIAL}.2": "x:" + b"CHASSIS99".hex(),
        f"{mib.ENTITY_MODEL}.2": "x:" + b"CX-1".hex(),
    }  # fmt: skip
    plate = nameplate.read({**rows(), **entity}, ())
    assert (plate.serial, plate.model) == ("CHASSIS99", "CX-1")


def test_an_object_is_believed_by_its_name() -> None:
    oid = next(
        oid
        for oid, known in tables.roles().items()
        if known.role == "serial" and not known.part and oid.startswith(mib.ENTERPRISES)
        and known.name.lower().endswith("systemserialnumber")
    )  # fmt: skip
    plate = nameplate.read({**rows(), f"{oid}.0": "x:" + b"ZX98-7654".hex()}, ())
    assert plate.serial == "ZX98-7654"


@pytest.mark.parametrize("junk", ["To Be Filled By O.E.M.", "0000000", "N/A", "no number in it"])
def test_no_serial_is_better_than_a_wrong_one(junk: str) -> None:
    assert nameplate.read(rows(**{f"{mib.PRINTER_SERIAL}.1": junk}), ()).serial == ""


def test_makers_are_named_without_the_form_of_their_company() -> None:
    assert tables.vendor(6574) == "Synology"
    assert all(form not in tables.vendor(12148) for form in ("AS", "Inc", "Ltd"))


NET_SNMP = "o:1.3.6.1.4.1.8072.3.2.10"


def test_one_scalar_that_looks_like_a_serial_is_one() -> None:
    branch = "1.3.6.1.4.1.999999.1"
    assert nameplate.read(rows(**{f"{branch}.1.0": "321000156"}), ()).serial == "321000156"
    two = {f"{branch}.1.0": "321000156", f"{branch}.2.0": "AB1234567X"}
    assert nameplate.read(rows(**two), ()).serial == ""
    for other in ("20240131", "2024013112", "B8A44F0A0B0C", "1.2.3.4"):
        assert nameplate.read(rows(**{f"{branch}.1.0": other}), ()).serial == "", other


def test_a_makers_branch_below_an_agent_of_none_is_its_own() -> None:
    box = {"1.3.6.1.4.1.999999.1.1.0": "321000156", "1.3.6.1.4.1.999999.1.2.0": "2.7.1"}
    told = rows(oid=NET_SNMP, descr="Linux box 5.4.291 armv7l", **box)
    plate = nameplate.read(told, ())
    assert (plate.serial, plate.version) == ("321000156", "2.7.1")
    assert nameplate.read(rows(oid=NET_SNMP, descr="Linux box 5.4.291 x"), ()).version == "5.4.291"


def test_what_is_called_a_serial_is_no_model() -> None:
    oid = "1.3.6.1.4.1.999999.1.1.0"
    told = rows(**{oid: "KD41DKL9", f"{mib.PRINTER_SERIAL}.1": "KD41DKL9"})
    assert nameplate.read(told, ()).model == ""
