"""What nobody taught msptool: devices speak through standard MIBs, names of objects, sysDescr."""

import pytest

from msptool.audit import mib, nameplate, tables
from msptool.audit.mib import Rows


def rows(**known: str) -> Rows:
    """Return rows of a device whose sysDescr is `descr`, of an enterprise without a family."""
    found = {mib.SYS_DESCR: known.get("descr", ""), **known}
    return {oid: f"x:{text.encode().hex()}" for oid, text in found.items() if oid != "descr"} | {
        mib.SYS_OBJECT_ID: known.get("oid", "o:1.3.6.1.4.1.999999.1")
    }


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
    assert tables.vendor(9) == "Cisco"
    assert all(form not in tables.vendor(12148) for form in ("AS", "Inc", "Ltd"))
