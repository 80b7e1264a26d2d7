import random
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import manifest
from msptool.backup.keeping import ledger
from msptool.backup.keeping.ledger import Event, Known, Noticed
from msptool.backup.pick import tag
from msptool.backup.repository.answers import Made, Snapshot
from msptool.workspace import Workspace

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PATHS = ("/srv",)
OWN = (tag("files"),)
A, B, C = "a" * 64, "b" * 64, "c" * 64


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def snapshot(
    ident: str, hours_ago: float, *tags: str, host: str = "srv", paths: tuple[str, ...] = PATHS,
    made: float | None = None, original: str = "",
) -> Snapshot:  # fmt: skip
    summary = None if made is None else Made(ago(made), ago(made))
    return Snapshot(
        ident, ago(hours_ago), paths, tags or None, hostname=host, original=original,
        summary=summary,
    )  # fmt: skip


class Book:
    """A ledger in memory that looks at what is given to it."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    @property
    def known(self) -> Known:
        return ledger.fold(self.events)

    def look(
        self, listed: list[Snapshot], *sealed: str, hours_ago: float = 0,
        unreadable: Collection[str] = (),
    ) -> Noticed:  # fmt: skip
        now = ago(hours_ago)
        noticed = ledger.compare(self.known, listed, sealed, now, unreadable)
        self.events += ledger.news(self.known, noticed, listed, sealed, now)
        return noticed

    def move(self, state: ledger.State, *ids: str, hours_ago: float = 0) -> None:
        self.events.append(ledger.move(self.known, ids, state, ago(hours_ago)))


@pytest.fixture
def book() -> Book:
    """A ledger that saw A and B, both ours, a day ago."""
    made = Book()
    assert made.look([snapshot(A, 48, *OWN), snapshot(B, 25, *OWN)], A, B, hours_ago=24) == (
        Noticed()
    )
    return made


def ids(suspects: tuple[ledger.Suspect, ...]) -> list[str]:
    return [suspect.id for suspect in suspects]


def test_what_stays_is_not_noticed_and_nothing_is_written_twice(book: Book) -> None:
    before = len(book.events)
    assert book.look([snapshot(A, 48, *OWN), snapshot(B, 25, *OWN)], A, B) == Noticed()
    assert len(book.events) == before


def test_a_vanished_one_is_noticed_until_it_is_back_or_accepted(book: Book) -> None:
    left = [snapshot(B, 25, *OWN)]
    for _ in range(2):
        noticed = book.look(left, A, B)
        assert ids(noticed.vanished) == [A] and noticed.jobs == ("files",)
    assert [type(e).__name__ for e in book.events].count("Moved") == 1
    assert book.look([*left, snapshot(A, 48, *OWN)], A, B) == Noticed()
    assert ids(book.look(left, A, B).vanished) == [A]
    book.move("accepted", A)
    assert book.look(left, A, B) == Noticed()


def test_one_that_cannot_be_read_has_not_vanished(book: Book) -> None:
    assert book.look([snapshot(B, 25, *OWN)], A, B, unreadable=(A[:8],)) == Noticed()


def test_what_we_deleted_has_not_vanished(book: Book) -> None:
    book.move("leaving", A)
    book.move("gone", A)
    assert book.look([snapshot(B, 25, *OWN)], A, B) == Noticed()


@pytest.mark.parametrize("deleted", [True, False])
def test_a_kill_within_a_deletion_is_settled_by_the_next_look(book: Book, deleted: bool) -> None:
    book.move("leaving", A)
    left = [snapshot(B, 25, *OWN)] + ([] if deleted else [snapshot(A, 48, *OWN)])
    assert book.look(left, A, B) == Noticed()
    assert book.known.states[A] == ("gone" if deleted else "kept")
    later = book.look([snapshot(B, 25, *OWN)], A, B)
    assert ids(later.vanished) == ([] if deleted else [A])


def test_states_stay_in_order_when_the_clock_is_set_back(book: Book) -> None:
    book.move("leaving", A, hours_ago=-24)
    book.look([snapshot(A, 48, *OWN), snapshot(B, 25, *OWN)], A, B)
    assert book.known.states[A] == "kept"


def test_what_others_delete_is_their_affair(book: Book) -> None:
    theirs = snapshot(C, 30, tag("theirs"), host="other")
    ours = [snapshot(A, 48, *OWN), snapshot(B, 25, *OWN)]
    assert book.look([*ours, theirs], A, B) == Noticed()
    assert book.look(ours, A, B) == Noticed()


def test_one_sealed_after_it_was_first_seen_is_ours() -> None:
    book = Book()
    book.look([snapshot(A, 1, *OWN)])
    book.look([snapshot(A, 1, *OWN)], A)
    assert ids(book.look([], A).vanished) == [A]
    assert len(book.known.seen) == 1


FORGED = [
    snapshot(C, 200, *OWN, made=1),
    snapshot(C, 200, made=1),  # no tag; host and paths of ours
    snapshot(C, 200, *OWN, made=1, host="elsewhere"),
    snapshot(C, -48, *OWN),
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_false_time_is_forged(book: Book, forged: Snapshot) -> None:
    listed = [snapshot(A, 48, *OWN), snapshot(B, 25, *OWN), forged]
    for _ in range(2):
        noticed = book.look(listed, A, B)
        assert ids(noticed.forged) == [C] and noticed.jobs == ("files",)


HONEST = [
    snapshot(C, 1, *OWN, made=1),
    snapshot(C, 1),
    snapshot(C, 1, tag("theirs"), host="other", paths=("/etc",)),
    snapshot(C, 200, tag("theirs"), host="other"),  # of another job: not our affair
    snapshot(C, 200, host="other"),
    snapshot(C, 200, paths=("/mnt/lvm",), made=1),  # --time of a volume's snapshot
    snapshot(C, 30, *OWN, host="other"),  # a second machine: it began before our look
    snapshot(C, 200, *OWN, made=200),  # restic says so itself
    snapshot(C, 200, *OWN, original=A),  # restic tag, copy, rewrite
    snapshot(C, -0.1, *OWN),  # a clock that runs a little ahead
]


@pytest.mark.parametrize("honest", HONEST)
def test_honest_ones_raise_no_alarm(book: Book, honest: Snapshot) -> None:
    listed = [snapshot(A, 48, *OWN), snapshot(B, 25, *OWN), honest]
    for _ in range(2):
        assert book.look(listed, A, B) == Noticed()


def test_one_that_slips_in_behind_our_look_is_back_dated(book: Book) -> None:
    listed = [snapshot(A, 48, *OWN), snapshot(B, 25, *OWN), snapshot(C, 100, *OWN)]
    for _ in range(2):
        assert ids(book.look(listed, A, B).back_dated) == [C]


def test_history_that_we_find_at_the_first_look_is_no_alarm() -> None:
    old = [snapshot(A, 1000, *OWN), snapshot(B, 500), snapshot(C, 1, *OWN)]
    assert Book().look(old, C) == Noticed()


def test_a_clock_that_ran_ahead_for_a_while_raises_no_alarm(book: Book) -> None:
    both = [snapshot(A, 48, *OWN), snapshot(B, 25, *OWN), snapshot("d" * 64, -8760, *OWN)]
    book.look(both, A, B, "d" * 64, hours_ago=-8760)
    by_hand = snapshot(C, 1, *OWN)
    assert book.look([*both, by_hand], A, B, "d" * 64) == Noticed()


def test_our_own_trial_is_neither() -> None:
    book = Book()
    book.look([snapshot(A, 48, *OWN)], A, hours_ago=24)
    book.move("trial", C)
    assert book.look([snapshot(A, 48, *OWN), snapshot(C, 500)], A) == Noticed()
    assert book.look([snapshot(A, 48, *OWN)], A) == Noticed()


EVENTS = st.lists(
    st.one_of(
        st.builds(
            ledger.Seen, id=st.sampled_from("abc"), time=st.just(NOW), ours=st.booleans(),
            at=st.integers(0, 5).map(ago),
        ),
        st.builds(
            ledger.Moved, ids=st.sampled_from([("a",), ("a", "b"), ("c",)]),
            state=st.sampled_from(["leaving", "gone", "kept", "vanished", "accepted", "trial"]),
            at=st.integers(0, 5).map(ago),
        ),
    )
)  # fmt: skip


@given(EVENTS, st.randoms())
def test_the_fold_of_two_copies_is_that_of_one(events: list[Event], chance: random.Random) -> None:
    merged = [*events, *(event for event in events if chance.random() < 0.5)]
    chance.shuffle(merged)
    assert ledger.fold(merged) == ledger.fold(events)


def test_on_disk_it_is_only_added_to_and_a_torn_line_costs_nothing(root: Workspace) -> None:
    (root.manifests / "files").mkdir(parents=True)
    (root.manifests / "files" / f"{A}.jsonl").touch()
    assert ledger.sealed_ids(root) == {A}
    ledger.look(root, "nas", [snapshot(A, 48, *OWN)], ago(24))
    path = ledger.path(root, "nas")
    before = path.read_bytes()
    path.write_bytes(before + b'{"event":"moved","ids":["' + A.encode())
    noticed = ledger.look(root, "nas", [], NOW)
    assert ids(noticed.vanished) == [A]
    assert path.read_bytes().startswith(before)
    assert ledger.read(root, "nas").states == {A: "vanished"}
    assert ledger.read(root, "other") == Known()
    assert manifest.path(root, "files", A).exists()


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("w"))
