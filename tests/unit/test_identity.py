import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msptool import identity
from msptool.identity import Identities, Learnt

T0 = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOW, MIDDLE, HIGH = (f"01J0000000000000000000000{digit}" for digit in "123")


class Laptop:
    """One engineer's workspace folder; each run is an hour later than the last."""

    def __init__(self, folder: Path, at: datetime = T0) -> None:
        self.folder, self.at = folder, at

    def run(self, *machines: str) -> list[str]:
        """Meet machines ("mac:1 ip:2"), save, and return their ids."""
        self.at += HOUR
        known = identity.load(self.folder)
        found = [known.mint(machine.split()) for machine in machines]
        known.save(self.folder, self.at)
        return found

    def resolve(self, name: str) -> str:
        return identity.load(self.folder).resolve(name)

    def pull(self, other: "Laptop") -> None:
        """Merge the other's files by union, as git does, in any order of lines."""
        self.folder.mkdir(exist_ok=True)
        for path in other.folder.glob("*.jsonl"):
            mine = self.folder / path.name
            lines = set(path.read_text().splitlines())
            lines |= set(mine.read_text().splitlines()) if mine.exists() else set()
            mixed = sorted(lines)
            random.Random(1).shuffle(mixed)
            mine.write_text("".join(f"{line}\n" for line in mixed))


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path / "identities")


def write(folder: Path, ident: str, *lines: tuple[str, int, bool]) -> None:
    folder.mkdir(exist_ok=True)
    records = (Learnt(alias=alias, at=T0 + hour * HOUR, lost=lost) for alias, hour, lost in lines)
    (folder / f"{ident}.jsonl").write_bytes(
        b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    )


def test_a_machine_keeps_its_id_over_everything_it_learns(laptop: Laptop) -> None:
    [first] = laptop.run("ip:10.0.0.5")
    for seen in ("mac:a ip:10.0.0.5", "mac:a ip:10.0.0.9", "serial:hp/1 mac:a name:nas ip:10.0.0.9",
                 "serial:hp/1 mac:b ip:10.0.0.7", "mac:b name:files", "ip:10.0.0.7"):  # fmt: skip
        assert laptop.run(seen) == [first], seen
    assert laptop.resolve("serial:hp/1") == first
    assert laptop.resolve(first) == first
    assert laptop.resolve("mac:unknown") == "mac:unknown"


def test_a_lease_given_to_another_machine_joins_nothing(laptop: Laptop) -> None:
    [old] = laptop.run("mac:a name:pc ip:10.0.0.5")
    [new] = laptop.run("mac:b ip:10.0.0.5")
    assert new != old
    assert laptop.resolve("ip:10.0.0.5") == new
    assert laptop.run("mac:a ip:10.0.0.6", "mac:b ip:10.0.0.5") == [old, new]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_machines_that_swapped_leases_stay_who_they_are(
    laptop: Laptop, order: Sequence[int]
) -> None:
    before = laptop.run("mac:a ip:10.0.0.1", "mac:b ip:10.0.0.2")
    machines = ["mac:a ip:10.0.0.2", "mac:b ip:10.0.0.1"]
    after = laptop.run(*(machines[at] for at in order))
    assert after == [before[at] for at in order]
    assert laptop.resolve("ip:10.0.0.2") == before[0]
    assert laptop.resolve("ip:10.0.0.1") == before[1]


def test_a_machine_seen_by_address_only_is_who_had_it_last(laptop: Laptop) -> None:
    [known] = laptop.run("serial:hp/1 mac:a name:nas ip:10.0.0.5")
    assert laptop.run("ip:10.0.0.5") == [known], "SNMP was off"
    assert laptop.run("name:nas ip:10.0.0.8") == [known]


def test_two_machines_of_one_name_are_two(laptop: Laptop) -> None:
    first = laptop.run("name:debian ip:10.0.0.1", "name:debian ip:10.0.0.2")
    assert len(set(first)) == 2
    assert laptop.run("name:debian ip:10.0.0.1", "name:debian ip:10.0.0.2") == first
    macs = laptop.run("mac:a name:debian", "mac:b name:debian")
    assert len(set(macs)) == 2


def test_names_and_addresses_join_no_ids_for_good(laptop: Laptop) -> None:
    named, addressed = laptop.run("name:pc", "ip:10.0.0.2")
    assert laptop.run("name:pc ip:10.0.0.2") == [named]
    assert laptop.resolve(addressed) == addressed


def test_what_strong_aliases_bring_together_becomes_the_lower(laptop: Laptop) -> None:
    one, two = laptop.run("mac:a", "mac:b")
    [joined] = laptop.run("mac:a mac:b")
    assert joined == min(one, two)
    assert laptop.resolve(one) == laptop.resolve(two) == joined
    assert identity.load(laptop.folder).aliases(joined) == ("mac:a", "mac:b")


def test_a_virtual_mac_that_moves_joins_no_two_routers(laptop: Laptop) -> None:
    one, two = laptop.run("serial:cisco/1 mac:a mac:virtual", "serial:cisco/2 mac:b")
    assert laptop.run("serial:cisco/1 mac:a", "serial:cisco/2 mac:b mac:virtual") == [one, two]
    assert laptop.run("mac:virtual ip:10.0.0.1") == [two], "who had it last"
    [seen] = laptop.run("mac:a mac:b")
    assert seen in (one, two)
    assert laptop.resolve(one) != laptop.resolve(two)


def test_a_maker_spelt_in_two_ways_is_one_machine(laptop: Laptop) -> None:
    [one] = laptop.run("serial:HP/X1 mac:a")
    assert laptop.run("serial:Hewlett Packard/X1".replace(" ", "-") + " mac:a") == [one]


def test_two_laptops_that_minted_twice_agree_on_the_lower(tmp_path: Path) -> None:
    mine, theirs = Laptop(tmp_path / "a"), Laptop(tmp_path / "b", T0 + 9 * HOUR)
    [one] = mine.run("serial:hp/1 mac:a ip:10.0.0.5")
    [two] = theirs.run("mac:a name:nas ip:10.0.0.6")
    mine.pull(theirs)
    theirs.pull(mine)
    for laptop in (mine, theirs):
        for name in (one, two, "serial:hp/1", "mac:a", "name:nas", "ip:10.0.0.5", "ip:10.0.0.6"):
            assert laptop.resolve(name) == min(one, two), name
    assert mine.run("mac:a") == theirs.run("mac:a") == [min(one, two)]


def test_two_laptops_that_met_other_machines_on_one_address_keep_both(tmp_path: Path) -> None:
    mine, theirs = Laptop(tmp_path / "a"), Laptop(tmp_path / "b", T0 + 9 * HOUR)
    [one] = mine.run("mac:a ip:10.0.0.5")
    [two] = theirs.run("mac:b ip:10.0.0.5")
    mine.pull(theirs)
    assert mine.resolve("mac:a") == one and mine.resolve("mac:b") == two
    assert mine.resolve("ip:10.0.0.5") == two, "the latest word"


def test_joins_of_two_laptops_make_one_of_three(tmp_path: Path) -> None:
    folder = tmp_path / "identities"
    write(folder, LOW, ("id:" + HIGH, 1, False))
    write(folder, MIDDLE, ("id:" + HIGH, 2, False), ("mac:b", 1, False))
    write(folder, HIGH, ("mac:a", 1, False))
    known = identity.load(folder)
    assert {known.resolve(name) for name in (LOW, MIDDLE, HIGH, "mac:a", "mac:b")} == {LOW}


@pytest.mark.parametrize("other", [LOW, MIDDLE, HIGH])
def test_joins_in_a_circle_end(tmp_path: Path, other: str) -> None:
    folder = tmp_path / "identities"
    write(folder, LOW, ("id:" + other, 1, False))
    write(folder, other, ("id:" + LOW, 1, False), ("mac:a", 1, False))
    assert identity.load(folder).resolve("mac:a") == LOW


def test_what_was_lost_leads_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "identities"
    write(
        folder, LOW, ("mac:a", 1, False), ("mac:a", 2, True), ("ip:1", 2, True), ("ip:1", 2, False)
    )
    known = identity.load(folder)
    assert known.resolve("mac:a") == "mac:a"
    assert known.resolve("ip:1") == LOW, "learnt and lost at one instant: learnt"


def test_broken_lines_are_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "identities"
    write(folder, LOW, ("mac:a", 1, False))
    with (folder / f"{LOW}.jsonl").open("ab") as file:
        file.write(
            b'\xff\n\n{"alias":"\xff","at":"2026-11-02T08:00:00Z"}\n'
            + b'{"x":'
            + b"[" * 50_000
            + b'\n{"alias":"mac:c","at":"2026-11-02T08:00:00"}\n'
            + b'{"alias":"mac:b","at":"20'
        )
    known = identity.load(folder)
    assert known.aliases(LOW) == ("mac:a",)
    known.mint(["mac:a", "mac:d"])
    known.save(folder, T0)
    assert identity.load(folder).aliases(LOW) == ("mac:a", "mac:d"), (
        "not swallowed by the torn line"
    )
    assert identity.load(tmp_path / "nowhere").aliases(LOW) == ()


ALIASES = [
    "serial:hp/1",
    "serial:hp/2",
    "engine:1",
    "hostkey:1",
    "mac:a",
    "mac:b",
    "name:n",
    "ip:1",
    "ip:2",
]
Machine = st.lists(st.sampled_from(ALIASES), min_size=1, max_size=4, unique=True)
Runs = st.lists(st.lists(Machine, min_size=1, max_size=3), min_size=1, max_size=4)
Said = st.dictionaries(
    st.sampled_from([LOW, MIDDLE, HIGH]),
    st.lists(
        st.tuples(
            st.sampled_from([*ALIASES, f"id:{LOW}", f"id:{MIDDLE}", f"id:{HIGH}"]),
            st.integers(0, 3),
            st.booleans(),
        ),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
)
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


def told(known: Identities) -> dict[str, str]:
    return {name: known.resolve(name) for name in (*ALIASES, LOW, MIDDLE, HIGH)}


@given(said=Said, seed=st.randoms(use_true_random=False))
@quick
def test_the_order_of_lines_and_doubles_mean_nothing(
    tmp_path: Path, said: dict[str, list[tuple[str, int, bool]]], seed: random.Random
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        for path in folder.glob("*") if folder.exists() else ():
            path.unlink()
    for ident, lines in said.items():
        write(one, ident, *lines)
        twice = lines + lines[:2]
        seed.shuffle(twice)
        write(other, ident, *twice)
    assert told(identity.load(one)) == told(identity.load(other))


@given(met=Runs)
@quick
def test_what_was_saved_is_what_is_loaded(tmp_path: Path, met: list[list[list[str]]]) -> None:
    folder = tmp_path / "saved"
    for path in folder.glob("*") if folder.exists() else ():
        path.unlink()
    for hour, machines in enumerate(met):
        known = identity.load(folder)
        for machine in machines:
            ident = known.mint(machine)
            assert known.resolve(ident) == ident
            strong = [alias for alias in machine if alias.startswith(("mac", "serial", "engine"))]
            assert all(known.resolve(alias) == ident for alias in strong)
        known.save(folder, T0 + hour * HOUR)
        again = identity.load(folder)
        assert {alias: known.resolve(alias) for alias in ALIASES} == {
            alias: again.resolve(alias) for alias in ALIASES
        }
        assert known.mint(machines[-1]) == again.mint(machines[-1])


@given(met=Runs)
@quick
def test_machines_of_two_serials_never_become_one(
    tmp_path: Path, met: list[list[list[str]]]
) -> None:
    known = identity.load(tmp_path / "nowhere")
    for machines in met:
        for machine in machines:
            if not {"serial:hp/1", "serial:hp/2"} <= set(machine):
                known.mint(machine)
    ids = [known.resolve(alias) for alias in ("serial:hp/1", "serial:hp/2")]
    assert ids[0] != ids[1]


def test_what_was_demoted_leads_nowhere_in_any_laptop(tmp_path: Path) -> None:
    mine, theirs = Laptop(tmp_path / "a"), Laptop(tmp_path / "b", T0 + 9 * HOUR)
    mine.run("mac:a hostkey:k")
    known = identity.load(mine.folder)
    known.demote("hostkey:k")
    known.demote("hostkey:k")
    assert known.resolve("hostkey:k") == "hostkey:k"
    known.save(mine.folder, mine.at)
    theirs.run("mac:b hostkey:k")
    theirs.pull(mine)
    again = identity.load(theirs.folder)
    assert again.demoted == {"hostkey:k"} and again.resolve("hostkey:k") == "hostkey:k"
    assert len(set(theirs.run("mac:a hostkey:k", "mac:b hostkey:k"))) == 2
    assert (theirs.folder / identity.DEMOTED).read_text().count("\n") == 1


def test_who_is_known_best_chooses_first(laptop: Laptop) -> None:
    old, new = laptop.run("guid:1 mac:dock name:anna", "guid:2 mac:b name:boris")
    known = identity.load(laptop.folder)
    machines = [["mac:dock", "name:boris", "guid:2"], ["name:anna", "guid:1"]]
    assert known.mint_all(machines, T0) == [new, old]


def test_a_pair_of_weak_signs_leads_to_no_machine_of_another_host_key(laptop: Laptop) -> None:
    [one] = laptop.run("hostkey:1 mac:a pair:web|ip:1")
    assert laptop.run("mac:b pair:web|ip:1") == [one]
    assert laptop.run("hostkey:2 mac:c pair:web|ip:1") != [one]


def test_an_address_is_another_machines_after_a_day(laptop: Laptop) -> None:
    [one] = laptop.run("ip:10.0.0.5")
    known = identity.load(laptop.folder)
    assert known.mint(["ip:10.0.0.5"], laptop.at + 23 * HOUR) == one
    assert identity.load(laptop.folder).mint(["ip:10.0.0.5"], laptop.at + 25 * HOUR) != one
