from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from msptool.backup.keeping import append_only, guard, ledger
from msptool.backup.keeping.guard import Listed
from msptool.backup.keeping.ledger import Known, Noticed, Suspect
from msptool.backup.keeping.retention import Policy
from msptool.backup.manifest import Seal
from msptool.backup.pick import tag
from msptool.backup.repository.answers import Snapshot
from msptool.model import Scalar
from msptool.profile.shape import Job, Keep

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEEP = Keep(last=2)
NOTHING, EMPTY = Noticed(), Known()


def seal(number: int, **changed: object) -> Seal:
    """The seal of a day: "9" is the newest. 1,000 files, of which 20 changed."""
    at = NOW - timedelta(days=9 - number, hours=1)
    given: dict[str, object] = {
        "job": "files", "run": "R", "snapshot": str(number), "paths": (), "exclude": (),
        "walked_at": at, "sealed_at": at, "complete": True, "restic": "0.14.0", "files": 1000,
        "bytes": 10**9, "changed": 20, "gone": 0, "added_bytes": 10**7, **changed,
    }  # fmt: skip
    return Seal(**given)  # type: ignore[arg-type]


def snapshot(ident: str) -> Snapshot:
    return Snapshot(ident, NOW - timedelta(days=1), ("/srv",), (tag("files"),))


def judged(
    seals: list[Seal], *, there: str = "0123456789", noticed: Noticed = NOTHING,
    book: Known = EMPTY, proven: str = "9", unreadable: tuple[str, ...] = (),
) -> guard.Guard:  # fmt: skip
    listed = Listed([snapshot(ident) for ident in there], noticed, unreadable)
    job = Job(repository="nas", paths=("/srv",), keep=KEEP)
    return guard.judged(
        "files", job, seals, listed, NOW, book=book, policy=Policy(KEEP, UTC), proven=proven
    )


SEALS = [seal(n) for n in range(10)]
BAD = Suspect("x", "files", NOW)


def test_a_sound_job_lets_the_old_go() -> None:
    made = judged(SEALS)
    assert made.plan.held == () and set(made.plan.drop) == set("01234567")
    assert made.odd == () and not made.depth.short


def test_what_is_not_sealed_neither_counts_nor_goes() -> None:
    made = judged(SEALS, there="0123456789abc")
    assert set(made.plan.drop) == set("01234567")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"noticed": Noticed((BAD,))}, "vanished"),
        ({"noticed": Noticed((), (BAD,))}, "forged"),
        ({"noticed": Noticed((), (), (BAD,))}, "forged"),
        ({"unreadable": ("abcdef01",)}, "unreadable"),
        ({"there": "01234567", "proven": "7"}, "vanished"),  # the newest, unknown to the ledger
        ({"proven": "8"}, "unproven"),
    ],
)
def test_what_holds_back(given: dict[str, object], reason: str) -> None:
    assert judged(SEALS, **given).plan.held == (reason,)  # type: ignore[arg-type]


def test_what_concerns_another_job_does_not() -> None:
    other = Suspect("x", "sql", NOW)
    assert judged(SEALS, noticed=Noticed((other,), (other,))).plan.held == ()


def test_a_rewritten_source_holds_back_for_ever_or_until_a_person_accepts() -> None:
    seals = [*SEALS[:5], seal(5, changed=1000, added_bytes=10**9), *SEALS[6:]]
    made = judged(seals)
    assert made.plan.held == ("implausible",)
    assert [odd.code for odd in made.odd] == ["rewritten"]
    event = ledger.move(Known(), ["5"], "plausible", NOW)
    assert judged(seals, book=ledger.fold([event])).plan.held == ()


@pytest.mark.parametrize(
    ("facts", "snapshot"),
    [
        ({"proven_snapshot": "p", "snapshot": "s", "verdict": "damaged"}, "p"),
        ({"snapshot": "s", "verdict": "ok"}, "s"),
        ({"snapshot": "s", "verdict": "stale"}, "s"),
        ({"snapshot": "s", "verdict": "damaged"}, ""),
        ({"snapshot": "s", "verdict": "locked"}, ""),
        ({"proven_snapshot": None, "snapshot": "s", "verdict": "bad-content"}, ""),
        ({}, ""),
    ],
)
def test_which_snapshot_is_proven(facts: Mapping[str, Scalar], snapshot: str) -> None:
    assert guard.proven_of(facts) == snapshot


def test_only_our_own_trial_is_ever_deleted_for_a_trial() -> None:
    name = append_only.TAG
    others = [
        Snapshot("a", NOW, (f"/{name}",), (name, tag("files"))),
        Snapshot("b", NOW, ("/srv",), (name,)),
        Snapshot("c", NOW, (f"/{name}",), None),
        snapshot("d"),
    ]
    assert append_only.probe(others) == ""
    assert append_only.probe([*others, Snapshot("e", NOW, (f"/{name}",), (name,))]) == "e"
