"""Families: ours are sound, found by number or by an object of their own; a wrong file is named."""

from collections import defaultdict

import pytest

from msptool import shipped
from msptool.audit import families, mib
from msptool.audit.families import Family, Part
from msptool.errors import ProfileError
from tests.unit.audit.agents import octets, system

NAS = Family(
    vendor="Nas", kind="storage", enterprises=(6574,), shows=("1.3.6.1.4.1.6574.1.5.1.0",),
    serial=("1.3.6.1.4.1.6574.1.5.2.0",),
)  # fmt: skip
MAKER = Family(
    vendor="Maker", kind="network", enterprises=(42,), serial=("1.3.6.1.4.1.42.1.0",),
    descr=r"^(?P<model>M\d+)", model_in_serial=r"(?P<model>F[A-Z0-9]{5})",
)  # fmt: skip


def test_every_shipped_family_can_be_met() -> None:
    shipped = families.shipped_families()
    assert len(shipped) >= 20
    for family in shipped:
        assert family.kind, family
        assert family.enterprises or family.shows or family.objects or family.says, family


def test_a_maker_is_met_by_its_number() -> None:
    shipped = families.shipped_families()
    makers = (family for family in shipped if not family.says)
    for number in {number for family in makers for number in family.enterprises}:
        met = families.find(system("", f"1.3.6.1.4.1.{number}.1"), shipped)
        assert met is not None, number


def _files() -> dict[str, Family]:
    folder = shipped.folder("profiles") / "families"
    return {p.name: families.read(p.read_bytes(), file=p.name) for p in folder.glob("*.yaml")}


def test_every_file_names_its_source() -> None:
    folder = shipped.folder("profiles") / "families"
    assert [p.name for p in folder.glob("*.yaml") if not p.read_text().startswith("# ")] == []


def test_no_two_families_know_a_device_equally_close() -> None:
    """The name of the file would decide."""
    plain: dict[object, list[str]] = defaultdict(list)
    for name, family in _files().items():
        if not (family.shows or family.says or family.objects):
            for number in family.enterprises:
                plain[number].append(name)
        for oid in family.objects:
            plain[oid, family.says, family.shows].append(name)
    assert [names for names in plain.values() if len(names) > 1] == []


def test_what_shows_itself_goes_before_the_agents_number() -> None:
    netsnmp = system("Linux", "1.3.6.1.4.1.42.1")
    shown = {**netsnmp, "1.3.6.1.4.1.6574.1.5.1.0": octets("DS220")}
    assert families.find(shown, [MAKER, NAS]) is NAS
    assert families.find(netsnmp, [MAKER, NAS]) is MAKER


def test_a_maker_whose_device_did_not_show_itself_is_still_named() -> None:
    assert families.find(system("", "1.3.6.1.4.1.6574.9"), [MAKER, NAS]) is NAS
    assert families.find(system("", "1.3.6.1.4.1.7.9"), [MAKER, NAS]) is None
    assert families.find({}, [MAKER, NAS]) is None


def test_a_model_is_in_an_object_else_in_the_description_else_in_the_serial() -> None:
    assert next(MAKER.answers(system("M24 switch"), "model")) == "M24"
    serial = {**system("other"), "1.3.6.1.4.1.42.1.0": octets("FGT60F0000")}
    assert next(MAKER.answers(serial, "model")) == "FGT60F"
    assert list(MAKER.answers(system("other"), "model")) == []
    assert list(MAKER.answers(system("M24"), "version")) == []


def test_octets_that_are_no_text_are_told_in_hex() -> None:
    """An Axis camera's serial is its MAC; a loopback before it has none."""
    column = "1.3.6.1.2.1.2.2.1.6"
    family = Family(
        vendor="X", kind="camera", enterprises=(1,), serial=(Part(oid=column, hex=True),)
    )
    rows = {f"{column}.1": "x:", f"{column}.2": "x:b8a44f02fe01"}
    assert list(family.answers(rows, "serial")) == ["B8A44F02FE01"]
    assert list(family.answers({f"{column}.1": "x:000000000000"}, "serial")) == []


def test_a_maker_is_asked_for_its_own_and_an_agent_of_none_for_what_shows_a_family() -> None:
    asked = families.questions([MAKER, NAS])
    assert asked[""] == [mib.SYS_SERVICES] and asked["42"] == ["1.3.6.1.4.1.42.1.0"]
    assert families.riddles([MAKER, NAS]) == [(NAS.shows, NAS.oids())]
    assert all(len(oids) == len(set(oids)) for oids in asked.values())


@pytest.mark.parametrize(
    "text",
    [
        "vendor: X\n",
        "vendor: X\nkind: network\nmodle: [1.3.6]\n",
        "vendor: X\nkind: network\nserial: [sysDescr]\n",
        "vendor: X\nkind: network\ndescr: '('\n",
        "vendor: X\nkind: network\nmodel_in_serial: '['\n",
        "vendor: X\nkind: network\nenterprises: [nine]\n",
        "- vendor\n",
    ],
    ids=["no kind", "unknown key", "no oid", "bad pattern", "bad pattern 2", "no number", "list"],
)
def test_a_wrong_file_is_named(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        families.read(text.encode(), file="families/x.yaml")
    assert caught.value.place.file == "families/x.yaml"
