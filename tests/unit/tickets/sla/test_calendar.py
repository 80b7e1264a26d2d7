"""What a day is, and where its holidays come from."""

import sys
from datetime import date
from pathlib import Path

import pytest

from msptool.errors import ProfileError
from msptool.profile.promises import Calendar as Told
from msptool.profile.promises import Closure, OwnDay
from msptool.tickets.sla import public_days
from msptool.tickets.sla.calendar import Calendar
from msptool.tickets.sla.public_days import Public

MAY_DAY, EVE = date(2026, 5, 1), date(2026, 4, 30)


def _day(day: date, **told: object) -> object:
    calendar = Told(holidays="RU", **told)  # type: ignore[arg-type]
    return Calendar(calendar, Public("RU")).day(day).kind


def test_what_says_most_about_a_day_wins() -> None:
    assert _day(MAY_DAY) == "holiday"
    assert _day(MAY_DAY, closed=(Closure(date=EVE, to=MAY_DAY),)) == "closure"
    own = OwnDay(date=MAY_DAY, hours=("10:00-12:00",))
    assert _day(MAY_DAY, closed=(Closure(date=MAY_DAY),), days=(own,)) == "own"
    assert _day(EVE) == "usual"
    assert _day(EVE, eve_less_h=1) == "short"
    assert _day(date(2026, 5, 2)) == "weekend"
    assert _day(date(2025, 11, 1)) == "moved"


def test_a_short_day_loses_its_last_hours_over_the_break() -> None:
    week = {"thu": ("09:00-13:00", "14:00-15:00")}
    day = Calendar(Told(week=week, eve_less_h=2), Public("RU")).day(EVE)  # type: ignore[arg-type]
    assert day.hours == ((540, 720),)
    assert day.uncut == ((540, 780), (840, 900))


def test_a_day_shorter_than_its_shortening_is_off() -> None:
    week = {"thu": ("09:00-10:00",)}
    day = Calendar(Told(week=week, eve_less_h=3), Public("RU")).day(EVE)  # type: ignore[arg-type]
    assert (day.kind, day.hours) == ("short", ())


def test_names_come_in_the_languages_we_speak() -> None:
    off = Public("RU").of(MAY_DAY)
    assert off is not None and set(off.names) == {"en", "ru"}
    german = Public("DE-BY").of(date(2026, 1, 6))
    assert german is not None and german.names == {"en": "Epiphany"}
    assert Public("").of(MAY_DAY) is None


@pytest.mark.parametrize(
    ("region", "categories"),
    [("XX", ("public",)), ("DE-XX", ("public",)), ("DE", ("jewish",))],
)
def test_an_unknown_region_is_told(region: str, categories: tuple[str, ...]) -> None:
    with pytest.raises(ProfileError) as told:
        Public(region, categories).of(MAY_DAY)
    assert told.value.code == "profile.holidays" and region in told.value.message


def test_what_was_computed_is_kept_and_the_library_is_not_imported_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Public("RU", folder=tmp_path / "h").of(MAY_DAY)
    (kept,) = (tmp_path / "h").iterdir()
    assert kept.name == f"RU+public+{public_days.version()}.json"
    monkeypatch.setitem(sys.modules, "holidays", None)  # importing it would fail
    again = Public("RU", folder=tmp_path / "h")
    assert again.of(MAY_DAY) == first
    assert not again.is_worked(MAY_DAY)
    assert again.stands_for(date(2025, 11, 1)) == date(2025, 11, 3)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"x":1}', b"\xff", b'{"2026":{"off":[]}}'])
def test_a_damaged_cache_is_computed_anew(tmp_path: Path, damage: bytes) -> None:
    Public("RU", folder=tmp_path).of(MAY_DAY)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    assert Public("RU", folder=tmp_path).of(MAY_DAY) is not None
    assert kept.read_bytes() != damage


@pytest.mark.parametrize("year", [1, 2, 1700, 9998, 9999])
def test_years_beyond_the_library_have_no_holidays_and_no_trouble(year: int) -> None:
    assert Public("RU").of(date(year, 1, 2)) is None or year in range(1991, 9999)


def test_a_cache_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Public("RU", folder=tmp_path / "file").of(MAY_DAY) is not None


def test_the_version_is_the_library_s_own() -> None:
    from importlib.metadata import version

    assert public_days.version() == version("holidays")
