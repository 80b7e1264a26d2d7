"""Public holidays of a country or a part of it, with moved days and worked weekends.

The library `holidays` (MIT) knows them; importing it and computing years takes 0.1 to 0.3 s, so
what it says is kept in the workspace's `.msptool/holidays`, by region, categories and version.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from msptool import files
from msptool.errors import MsptoolError, ProfileError, ToolMissing

LIBRARY = "holidays"


class Off(Struct, frozen=True, gc=False):
    """A public holiday: its name by language, "" for the country's own where neither is known;
    `moved`: a day off in place of another, which makes the day before it no shorter.
    """

    names: Mapping[str, str]
    moved: bool = False


class Year(Struct, frozen=True):
    """A year's holidays, and the weekend days that are worked, by the days they stand in for."""

    off: Mapping[date, Off] = {}
    worked: Mapping[date, date | None] = {}


_years: msgspec.json.Decoder[dict[int, Year]] = msgspec.json.Decoder(dict[int, Year], strict=False)
_NONE = Year()


class Public(Struct):
    """The holidays of a region ("" has none); `folder` keeps what was computed, if it can."""

    region: str = ""
    categories: tuple[str, ...] = ("public",)
    folder: Path | None = None
    _known: dict[int, Year] = {}
    _was_read: bool = False

    def of(self, day: date) -> Off | None:
        """Return the holiday on a day."""
        return self._year(day.year).off.get(day)

    def is_worked(self, day: date) -> bool:
        """Tell whether a day of the weekend is worked in place of another day."""
        return day in self._year(day.year).worked

    def stands_for(self, day: date) -> date | None:
        """Return the day off that a worked weekend day paid for, where it is known."""
        return self._year(day.year).worked.get(day)

    def require(self) -> None:
        """Raise ProfileError for a region that nobody knows; one that was computed is known."""
        path = self._path()
        if self.region and not self._known and not (path and path.exists()):
            computed(self.region, self.categories, [])

    @property
    def source(self) -> str:
        """Who says so: the library, its version, and the region."""
        return f"{LIBRARY} {version()}, {self.region}" if self.region else ""

    def _year(self, year: int) -> Year:
        if not self.region:
            return _NONE
        if year not in self._known and not self._was_read:
            self._known |= self._read()
            self._was_read = True
        if year not in self._known:
            near = [one for one in range(year - 1, year + 3) if one not in self._known]
            self._known |= computed(self.region, self.categories, near)
            self._keep()
        return self._known[year]

    def _path(self) -> Path | None:
        name = "+".join((self.region, *self.categories, version()))
        return self.folder / f"{name}.json" if self.folder else None

    def _read(self) -> dict[int, Year]:
        path = self._path()
        with suppress(OSError, msgspec.DecodeError):
            return _years.decode(path.read_bytes()) if path else {}
        return {}

    def _keep(self) -> None:
        path = self._path()
        if path is not None:
            with suppress(OSError, MsptoolError):  # it is computed again, then
                files.make_folder(path.parent)
                files.write(path, msgspec.json.encode(self._known))


@lru_cache(maxsize=1)
def version() -> str:
    """Return the library's version by its folder's name; importing anything would be slow."""
    found = find_spec(LIBRARY)
    if found is None or found.origin is None:
        return "0"
    beside = Path(found.origin).parent.parent
    names = [path.name for path in beside.glob(f"{LIBRARY}-*.dist-info")]
    return names[0].removeprefix(f"{LIBRARY}-").removesuffix(".dist-info") if names else "0"


def computed(region: str, categories: tuple[str, ...], years: list[int]) -> dict[int, Year]:
    """Ask the library; raise ProfileError for a region or category it does not know."""
    try:
        import holidays
    except ImportError as error:
        raise ToolMissing(
            "tool.missing", f"the Python library {LIBRARY} is not installed",
            hint="pip install holidays",
        ) from error  # fmt: skip
    country, _, part = region.partition("-")
    said: dict[str, Any] = {"subdiv": part or None, "categories": categories}
    try:
        own = holidays.country_holidays(country, **said)
    except (NotImplementedError, ValueError) as error:
        raise ProfileError(
            "profile.holidays",
            f"tickets.calendar.holidays: no public holidays are known of {region!r}"
            f" ({', '.join(categories)})",
            hint="write a country or a part of it, like RU or DE-BY, and kinds like public",
        ) from error
    languages = _languages(own.supported_languages, own.default_language)

    def asked(**more: Any) -> Any:
        return holidays.country_holidays(country, **said, **more)

    return {year: _year(year, asked, languages) for year in years}


def _languages(supported: tuple[str, ...], default: str | None) -> list[tuple[str, str]]:
    """Return our languages by the library's codes; a language without a region is one of ours."""
    found: dict[str, str] = {}
    for code in (*supported, *((default,) if default else ())):
        found.setdefault(code.partition("_")[0], code)
    return [(language, found[language]) for language in ("en", "ru") if language in found]


def _year(year: int, asked: Callable[..., Any], languages: list[tuple[str, str]]) -> Year:
    """Return a year; one beyond the library's reckoning, by a clock that stood there, has none."""
    try:
        own, fixed = asked(years=year), asked(years=year, observed=False)
        told = {name: asked(years=year, language=code) for name, code in languages}
    except (OverflowError, ValueError):
        return _NONE
    swapped = _swapped(own)
    off = {
        day: Off(
            {language: said.get(day, "") for language, said in told.items()} or {"": own[day]},
            moved=day in swapped or day not in fixed,
        )
        for day in sorted(own)
        if day.year == year
    }
    paid = {worked: free for free, worked in swapped.items()}
    worked = sorted(day for day in own.weekend_workdays if day.year == year)
    return Year(off, {day: paid.get(day) for day in worked})


def _swapped(own: Any) -> dict[date, date]:
    """Return the days off that stand in for another day, by the library's table of them."""
    found: dict[date, date] = {}
    for year, entries in getattr(own, "special_public_holidays", {}).items():
        for entry in entries if entries and isinstance(entries[0], tuple) else (entries,):
            if len(entry) >= 4:
                month, day, of_month, of_day, *of_year = entry
                from_year = of_year[0] if of_year else year
                found[date(year, month, day)] = date(from_year, of_month, of_day)
    return found


def following(public: Public, day: date) -> Off | None:
    """Return the public holiday on the next day, unless it was only moved there."""
    found = public.of(day + timedelta(days=1))
    return None if found is None or found.moved else found
