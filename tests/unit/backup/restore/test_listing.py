from datetime import UTC, datetime, timedelta

import pytest

from msptool.backup.manifest import Seal
from msptool.backup.repository.answers import Snapshot
from msptool.backup.restore import listing
from msptool.backup.restore.listing import Listed
from msptool.errors import UsageError

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def snapshot(number: int, *, sealed: bool = True, verdict: str = "") -> Listed:
    at = AT + timedelta(days=number)
    seal = Seal(
        job="files", run="r", snapshot=f"{number}abc", paths=("/srv",), exclude=(),
        walked_at=at, sealed_at=at, complete=True, restic="0.14.0",
    )  # fmt: skip
    told = Snapshot(id=f"{number}abc", time=at, paths=("/srv",))
    return Listed(told, seal if sealed else None, verdict=verdict or None)  # type: ignore[arg-type]


THREE = (snapshot(0, verdict="ok"), snapshot(1, verdict="damaged"), snapshot(2, sealed=False))


def test_the_newest_sealed_one_is_chosen() -> None:
    assert listing.choose(THREE, "files") is THREE[1]
    assert listing.choose(THREE[2:], "files") is THREE[2]
    assert listing.choose(THREE, "files", at=AT + timedelta(hours=1)) is THREE[0]
    assert listing.choose(THREE, "files", at=AT) is THREE[0]


@pytest.mark.parametrize("ident", ["2", "2a", "2ABC"])
def test_an_id_may_be_short(ident: str) -> None:
    assert listing.choose(THREE, "files", ident=ident) is THREE[2]


def test_what_names_none_or_several_is_refused() -> None:
    twins = (*THREE, snapshot(0))
    for listed, ident in ((THREE, "9"), (twins, "0")):
        with pytest.raises(UsageError):
            listing.choose(listed, "files", ident=ident)
    for known in ([], list(THREE)):
        with pytest.raises(UsageError):
            listing.choose(known, "files", at=AT - timedelta(seconds=1))


def test_a_proven_one_is_named_only_where_the_chosen_is_not() -> None:
    assert listing.better(THREE, THREE[1]) is THREE[0]
    assert listing.better(THREE, THREE[0]) is None
    assert listing.better(THREE[1:], THREE[1]) is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31T18:00", "2026-01-31T15:00:00+00:00"),
        ("2026-01-31 18:00", "2026-01-31T15:00:00+00:00"),
        ("2026-01-31", "2026-01-31T20:59:59.999999+00:00"),
        ("20260131", "2026-01-31T20:59:59.999999+00:00"),
        ("2026-01-31T18:00Z", "2026-01-31T18:00:00+00:00"),
    ],
)
def test_times_are_those_of_the_client(text: str, utc: str) -> None:
    assert listing.moment(text, "Europe/Moscow").astimezone(UTC).isoformat() == utc


def test_of_an_hour_that_comes_twice_the_second_is_meant() -> None:
    at = listing.moment("2026-10-25T02:30", "Europe/Berlin")
    assert at.astimezone(UTC).isoformat() == "2026-10-25T01:30:00+00:00"


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01", "31.01.2026"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        listing.moment(text, "UTC")
