"""Which machine of a later scan is one that was met before: leases, docks, new names and MACs."""

import random
from datetime import timedelta

import pytest

from msptool.audit.facts import AnyFact
from tests.unit.audit.scans import (
    DAY,
    GUID1,
    GUID2,
    MAC1,
    MAC2,
    MAC3,
    A,
    B,
    Site,
    agent,
    alive,
    differences,
    port,
    ssh,
    told,
)


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("home", [True, False])
def test_a_dock_that_moves_leaves_two_laptops(keyed: bool, home: bool) -> None:
    """The dock's MAC goes from one to the other, which is here or at home."""
    dock, one, two = MAC3, told(A, "rdp", name="NB-ANNA"), told(B, "rdp", name="NB-BORIS")
    keys = [told(A, "smb", guid=GUID1), told(B, "smb", guid=GUID2)] if keyed else []
    site = Site()
    first = {a.name: a.id for a in site.scan(alive(A, dock), alive(B, MAC2), one, two, *keys)}
    here = [alive(B, dock), two, *keys[1:]]
    here += [alive(A, MAC1), one, *keys[:1]] if home else []
    second = {a.name: a.id for a in site.scan(*here)}
    assert second == {name: first[name] for name in second}
    assert len(second) == (2 if home else 1)


def test_a_phone_with_a_new_random_mac_is_no_new_asset_if_its_names_agree() -> None:
    site = Site()
    (phone,) = site.scan(alive(A, "da:a1:19:00:00:01"), told(A, "mdns", name="Annas-iPhone"))
    (again,) = site.scan(
        alive(B, "f2:11:22:33:44:55"), told(B, "mdns", name="Annas-iPhone.local"), after=3 * DAY
    )
    assert again.id == phone.id
    (other,) = site.scan(alive(B, "ee:11:22:33:44:55"), told(B, "mdns", name="Boris-iPhone"))
    assert other.id != phone.id


def test_a_name_that_makers_give_to_all_leads_to_nobody() -> None:
    site = Site()
    (one,) = site.scan(alive(A, MAC1), told(A, "mdns", name="raspberrypi"))
    (two,) = site.scan(alive(B, MAC2), told(B, "mdns", name="raspberrypi-2"))
    assert one.id != two.id


def test_a_name_and_a_build_make_one_machine_of_routed_addresses() -> None:
    def shown(address: str, build: str = "19045") -> list[AnyFact]:
        return [alive(address), told(address, "rdp", name="PC-7", build=build)]

    assert len(Site().scan(*shown(A), *shown(B))) == 1
    assert len(Site().scan(*shown(A), *shown(B, "20348"))) == 2
    assert len(Site().scan(*shown(A), *shown(B), alive(A, MAC1), alive(B, MAC2))) == 2


@pytest.mark.parametrize(("after", "same"), [(timedelta(hours=23), True), (2 * DAY, False)])
def test_an_address_alone_joins_nothing_after_a_day(after: timedelta, same: bool) -> None:
    site = Site()
    (one,) = site.scan(alive(A))
    (two,) = site.scan(alive(A), after=after)
    assert (one.id == two.id) is same


def test_an_address_that_is_met_every_day_is_not_forgotten() -> None:
    site = Site()
    assert len({site.scan(alive(A), after=DAY)[0].id for _ in range(4)}) == 1


def test_a_nameless_host_is_known_by_its_address_and_its_ports() -> None:
    site = Site()
    (one,) = site.scan(alive(A), port(A, 2404))
    (two,) = site.scan(alive(A), port(A, 2404), after=30 * DAY)
    (other,) = site.scan(alive(A), port(A, 80), after=30 * DAY)
    assert one.id == two.id != other.id


def office(count: int) -> dict[str, list[AnyFact]]:
    """Generated hosts of all sorts, by address."""
    hosts: dict[str, list[AnyFact]] = {}
    for n in range(count):
        address, mac = f"10.1.{n // 200}.{n % 200 + 1}", f"00:25:90:00:{n // 256:02x}:{n % 256:02x}"
        sorts: list[list[AnyFact]] = [
            [alive(address, mac), ssh(address, f"k{n}"), port(address, 22)],
            [alive(address), told(address, "rdp", name=f"PC-{n}", build="19045")],
            [alive(address, mac), agent(address, serials=[f"FOC{n:04}AAAA"], name=f"sw-{n}")],
            [alive(address), port(address, 80)],
            [alive(address, f"da:a1:19:00:{n // 256:02x}:{n % 256:02x}")],
        ]
        hosts[address] = sorts[n % len(sorts)]
    return hosts


def test_a_second_scan_shows_no_difference_and_one_out_one_in_shows_two() -> None:
    site, hosts, shuffled = Site(), office(60), random.Random(5)
    facts = [fact for known in hosts.values() for fact in known]
    first = site.scan(*facts)
    shuffled.shuffle(facts)
    second = site.scan(*facts, after=7 * DAY)
    assert len(first) == 60
    anonymous = {a.id for a in first if not a.ports_known}
    assert differences(first, second) == [] and not anonymous
    del hosts[next(iter(hosts))]
    new = [alive("10.1.9.9", "3c:52:82:00:00:99"), ssh("10.1.9.9", "new")]
    third = site.scan(*new, *(fact for known in hosts.values() for fact in known))
    assert [what for what, _ in differences(second, third)] == ["gone", "new"]
