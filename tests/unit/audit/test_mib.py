"""Typed readings of rows that an agent made up."""

import pytest

from msptool.audit import mib
from msptool.audit.mib import Rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x:61620a00", "ab"),
        ("x:d0b9", "й"),
        ("x:ff61", "\ufffda"),
        ("x:", ""),
        (7, ""),
        ("o:1.3.6", ""),
        ("a:192.0.2.1", ""),
    ],
)
def test_text_is_octets_alone(value: int | str, text: str) -> None:
    assert mib.text({"1.3": value}, "1.3") == text


@pytest.mark.parametrize(("value", "number"), [(0, 0), (-2, -2), ("x:37", None), ("o:7", None)])
def test_a_number_is_an_integer_alone(value: int | str, number: int | None) -> None:
    assert mib.number({"1.3": value}, "1.3") == number


@pytest.mark.parametrize(
    ("octets", "mac"),
    [
        ("001122AABBCC", "00:11:22:aa:bb:cc"),
        ("000000000000", ""),
        ("001122AABB", ""),
        ("001122AABBCCDD", ""),
        ("", ""),
    ],
)
def test_a_mac_is_six_octets_that_are_not_all_zero(octets: str, mac: str) -> None:
    assert mib.mac(bytes.fromhex(octets)) == mac


def test_a_column_is_its_own_rows_and_not_those_of_a_longer_number() -> None:
    rows = {"1.3.2.1": 1, "1.3.2.10.7": 2, "1.3.21.1": 3, "1.3.2": 4}
    assert list(mib.column(rows, "1.3.2")) == [((1,), "1.3.2.1"), ((10, 7), "1.3.2.10.7")]
    assert (
        mib.has(rows, "1.3.21") and not mib.has(rows, "1.3.22") and not mib.has(rows, "1.3.2.1.0")
    )


@pytest.mark.parametrize(
    ("oid", "number"),
    [
        ("o:1.3.6.1.4.1.9.1.1208", 9),
        ("o:1.3.6.1.4.1.9", 9),
        ("o:1.3.6.1.4.1", None),
        ("o:1.3.6.1.4.19.1", None),
        ("o:0.0", None),
        ("x:3132", None),
        (9, None),
    ],
)
def test_the_enterprise_number(oid: int | str, number: int | None) -> None:
    assert mib.enterprise({mib.SYS_OBJECT_ID: oid}) == number


def test_every_subtree_is_asked_once_and_none_lies_in_another() -> None:
    for one in mib.SUBTREES:
        inside = [other for other in mib.SUBTREES if f"{other}.".startswith(f"{one}.")]
        assert inside == [one]


def test_a_recording_without_sys_object_id_is_of_whom_alone_it_has_answers() -> None:
    one: Rows = {mib.SYS_DESCR: "x:", "1.3.6.1.4.1.45770.1.1.0": 1}
    assert mib.enterprise(one) == 45770
    assert mib.enterprise({**one, "1.3.6.1.4.1.9.1.1.0": 1}) is None
    assert mib.enterprise({**one, mib.SYS_OBJECT_ID: "o:1.3.6.1.4.1.9.1"}) == 9
    assert mib.enterprise({"1.3.6.1.4.1.45770": 1}) is None
