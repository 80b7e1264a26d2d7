from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from msptool.errors import UsageError
from msptool.tickets import when

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)  # a Friday, 23:30 in Moscow


def moscow(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2d", moscow(29, 23, 30)),
        ("90m", moscow(28, 1)),
        ("3 h", moscow(28, 2, 30)),
        ("1w", moscow(4, 23, 30, month=12)),
        ("mon", moscow(30, 9)),
        ("пн", moscow(30, 9)),
        ("fri", moscow(4, 9, month=12)),
        ("Friday 17:15", moscow(4, 17, 15, month=12)),
        ("tomorrow 09:00", moscow(28, 9)),
        ("завтра", moscow(28, 9)),
        ("послезавтра 8:00", moscow(29, 8)),
        ("2d 14:00", moscow(29, 14)),
        ("23:45", moscow(27, 23, 45)),
        ("09:00", moscow(28, 9)),
        ("2026-12-01", moscow(1, 9, month=12)),
        ("2026-12-01 14:30", moscow(1, 14, 30, month=12)),
        ("2026-12-01T14:30", moscow(1, 14, 30, month=12)),
        ("2026-12-01T14:30Z", datetime(2026, 12, 1, 14, 30, tzinfo=UTC)),
        ("1.12.2026 14:30", moscow(1, 14, 30, month=12)),
    ],
)
def test_a_time_is_one_of_the_clients_clock(said: str, meant: datetime) -> None:
    assert when.moment(said, NOW, MOSCOW) == meant


@pytest.mark.parametrize(
    "said",
    ["", "soon", "25:00", "tomorrow 9:61", "2026-02-30", "31.2.2026", "2d 3d", "9999-12-31",
     "0001-01-01T00:00+14:00", "mon tue", "12", "\x1b[31m", "9999999999d"],
)  # fmt: skip
def test_what_is_no_time_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        when.moment(said, NOW, MOSCOW, to_its_end=True)


def test_a_day_lasts_until_its_end() -> None:
    assert when.moment("2026-12-01", NOW, MOSCOW, to_its_end=True) == moscow(2, 0, month=12)
    assert when.moment("2026-12-01 12:00", NOW, MOSCOW, to_its_end=True).hour == 9


def test_an_hour_that_was() -> None:
    assert when.moment("09:00", NOW, MOSCOW, past=True) == moscow(27, 9)
    assert when.moment("23:45", NOW, MOSCOW, past=True) == moscow(26, 23, 45)
    assert when.moment("tomorrow 9:00", NOW, MOSCOW, past=True) == moscow(28, 9)
    assert when.moment("fri 14:00", NOW, MOSCOW, past=True) == moscow(27, 14)
    assert when.moment("fri 23:45", NOW, MOSCOW, past=True) == moscow(20, 23, 45)
    assert when.moment("2h", NOW, MOSCOW, past=True) == moscow(27, 21, 30)


def test_the_hour_that_summer_time_skips_is_none_and_a_day_keeps_its_hour() -> None:
    saturday = datetime(2027, 3, 27, 12, tzinfo=BERLIN)
    with pytest.raises(UsageError, match="the clocks skip"):
        when.moment("tomorrow 02:30", saturday, BERLIN)
    assert when.moment("1d", saturday, BERLIN) == datetime(2027, 3, 28, 12, tzinfo=BERLIN)
    assert (when.moment("24h", saturday, BERLIN) - saturday).total_seconds() == 86400


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2d", moscow(25, 23, 30)), ("90m", moscow(27, 22)), ("1.5h", moscow(27, 22)),
        ("1w", moscow(20, 23, 30)), ("2 н", moscow(13, 23, 30)), ("yesterday", moscow(26, 0)),
        ("позавчера", moscow(25, 0)), ("today", moscow(27, 0)), ("fri", moscow(27, 0)),
        ("sat", moscow(21, 0)), ("пн 14:00", moscow(23, 14)), ("23:45", moscow(26, 23, 45)),
        ("2d 14:00", moscow(25, 14)), ("2026-11-26", moscow(26, 0)), ("1.11.2026", moscow(1, 0)),
        ("2026-11-26T14:00", moscow(26, 14)), ("2026-11-26 14:00", moscow(26, 14)),
        ("2026-11-26T14:00Z", datetime(2026, 11, 26, 14, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_since_when(said: str, meant: datetime) -> None:
    assert when.since(said, NOW, MOSCOW) == meant


@pytest.mark.parametrize(
    "said",
    ["", "soon", "2x", "-1d", "0001-01-01", "999999w", "99999999999w", "٢d", "2026-13-01",
     "9999-12-31", "1.d", "1.5d 14:00", "2h 14:00"],
)  # fmt: skip
def test_since_no_time(said: str) -> None:
    zone = ZoneInfo("America/New_York") if said.startswith("9999-") else MOSCOW
    with pytest.raises(UsageError, match="is no time"):
        when.since(said, NOW, zone)


def test_a_day_is_that_of_the_clients_zone_and_a_time_is_its_minute() -> None:
    assert when.period("2026-11-26", NOW, MOSCOW, past=True) == (moscow(26, 0), moscow(27, 0))
    assert when.period("mon", NOW, MOSCOW, past=False) == (moscow(30, 0), moscow(1, 0, month=12))
    assert when.period("mon", NOW, MOSCOW, past=True) == (moscow(23, 0), moscow(24, 0))
    assert when.period("9:00", NOW, MOSCOW, past=True) == (moscow(27, 9), moscow(27, 9, 1))
    start, end = when.period("2027-03-28", NOW, BERLIN, past=False)
    assert (end - start).total_seconds() == 23 * 3600


def test_a_day_whose_midnight_is_skipped_begins_and_ends_all_the_same() -> None:
    santiago = ZoneInfo("America/Santiago")
    first = datetime(2026, 9, 6, 4, tzinfo=UTC)  # 00:00 -0400 is 01:00 -0300
    assert when.period("2026-09-06", NOW, santiago, past=True)[0] == first
    assert when.moment("2026-09-05", NOW, santiago, to_its_end=True) == first


def test_a_visit_ends_on_its_day_or_so_much_later() -> None:
    begins = moscow(30, 10)
    assert when.end("12:00", begins, MOSCOW) == moscow(30, 12)
    assert when.end("2h", begins, MOSCOW) == moscow(30, 12)
    assert when.end("2026-12-01 09:00", begins, MOSCOW) == moscow(1, 9, month=12)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("25m", 25), ("25", 25), ("1h30", 90), ("1h30m", 90), ("1h", 60), ("1.5h", 90), ("1:30", 90),
     ("1,5ч", 90), ("25 мин", 25), ("1h 5", 65)],
)  # fmt: skip
def test_a_length_of_work(said: str, meant: int) -> None:
    assert when.minutes(said) == meant


@pytest.mark.parametrize("said", ["", " ", "h", "soon", "-5", "1e9", "99999999m", "5d"])
def test_what_is_no_length_of_work(said: str) -> None:
    with pytest.raises(UsageError):
        when.minutes(said)


def test_a_visit_is_written_down_days_later() -> None:
    zone = ZoneInfo("Europe/Moscow")
    planned = datetime(2026, 11, 3, 7, 0, tzinfo=UTC)
    for later in (timedelta(hours=2), timedelta(days=1, hours=8), timedelta(days=9)):
        found = when.as_it_was("10:20", planned, planned + later, zone)
        assert found == datetime(2026, 11, 3, 7, 20, tzinfo=UTC)
    early = when.as_it_was("10:20", planned, planned - timedelta(hours=20), zone)
    assert early == datetime(2026, 11, 2, 7, 20, tzinfo=UTC)
    said = when.as_it_was("2026-11-04 9:00", planned, planned + timedelta(days=3), zone)
    assert said == datetime(2026, 11, 4, 6, 0, tzinfo=UTC)
