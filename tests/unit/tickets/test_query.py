from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from msptool.cli import list_words
from msptool.errors import UsageError
from msptool.tickets import listing, query
from msptool.tickets.acts import asking
from msptool.tickets.view import View
from tests.unit.tickets.site import HOUR, T0, Site, finding, report


@pytest.fixture
def desk(site: Site) -> Site:
    site.ingest(report(T0, finding(severity="high")))
    site.act(asking.add, "Принтер", priority="low")
    done = site.act(asking.add, "done", priority="critical")
    site.close(done.id, reason="fixed")
    site.now = T0 + 3 * HOUR
    return site


def _titles(site: Site, *terms: str, ended: bool = False) -> list[str]:
    wanted = listing.asked(terms, site.now, UTC, ended=ended, me="anna@desk")
    with site.desk(to_write=False) as held:
        return [row.title for row in listing.find(held, wanted, site.now).rows]


TELNET = "Включён Telnet, sw-core (tcp/23)"


@pytest.mark.parametrize(
    ("terms", "titles"),
    [
        ((), [TELNET, "Принтер"]),
        (("status:closed",), ["done"]),
        (("status:active",), [TELNET, "Принтер"]),
        (("prio:>=normal",), [TELNET]),
        (("prio:<high",), ["Принтер"]),
        (("prio:low",), ["Принтер"]),
        (("prio:=high",), [TELNET]),
        (("check:net-001",), [TELNET]),
        (("thing:SW-core",), [TELNET]),
        (("sla:late",), [TELNET]),
        (("sla:met",), []),
        (("принтер",), ["Принтер"]),
        (("включе\u0308н",), [TELNET]),
        (("printer:",), None),
        (("status:opne",), None),
        (("prio:>urgent",), None),
    ],
)
def test_filters(desk: Site, terms: tuple[str, ...], titles: list[str] | None) -> None:
    if titles is None:
        with pytest.raises(UsageError):
            _titles(desk, *terms)
    else:
        assert _titles(desk, *terms) == titles


@pytest.mark.parametrize(
    ("zone", "term", "found"),
    [
        ("Europe/Moscow", "opened:2026-11-25", True),
        ("Europe/Moscow", "opened:<2026-11-25", False),
        ("UTC", "opened:2026-11-24", True), ("UTC", "opened:>=2026-11-25", False),
        ("UTC", "opened:2026-11-24T22:30", True), ("Europe/Moscow", "opened:вчера", True),
        ("UTC", "opened:yesterday", False), ("UTC", "opened:tue", True),
        ("UTC", "opened:>2d", False), ("UTC", "opened:<=1.5d", True),
        ("UTC", "opened:<=soon", None),
    ],
)  # fmt: skip
def test_days_are_those_of_the_clients_zone(
    site: Site, zone: str, term: str, found: bool | None
) -> None:
    site.now = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # a Tuesday; in Moscow Wednesday, 01:30
    site.act(asking.add, "printer")
    now = datetime(2026, 11, 26, 5, tzinfo=UTC)
    if found is None:
        with pytest.raises(UsageError, match="is no time"):
            query.parse([term], now, ZoneInfo(zone))
        return
    with site.desk(to_write=False) as held:
        wanted = query.parse([term], now, ZoneInfo(zone))
        assert bool(listing.find(held, wanted, now).rows) == found


def test_all_shows_the_ended_after_the_others(desk: Site) -> None:
    assert _titles(desk, ended=True) == [TELNET, "Принтер", "done"]


def test_a_typo_names_the_nearest_word() -> None:
    with pytest.raises(UsageError) as told:
        query.parse(["status:opne"], T0, UTC)
    assert told.value.nearest[0] == "open"
    assert str(told.value.message) == "status: has no value 'opne'"
    with pytest.raises(UsageError) as told:
        query.parse(["stats:open"], T0, UTC)
    assert told.value.nearest[0] == "status:"


def test_clock_words(desk: Site) -> None:
    def words(title: str) -> str:
        with desk.desk(to_write=False) as held:
            everyone = listing.asked((), desk.now, UTC, ended=True)
            (row,) = [r for r in listing.find(held, everyone, desk.now).rows if r.title == title]
        return list_words.clock_words(row.clocks, desk.now)

    assert words(TELNET) == "54 min late"
    assert words("Принтер") == ""
    assert words("done") == ""


def _views(site: Site) -> list[View]:
    everyone = listing.asked((), site.now, UTC, ended=True)
    with site.desk(to_write=False) as held:
        return list(listing.views(held, everyone, site.now))


def test_a_record_has_every_field_and_reads_back(desk: Site) -> None:
    for one in _views(desk):
        data = msgspec.json.encode(one)
        assert msgspec.json.decode(data, type=View) == one
        assert set(msgspec.json.decode(data)) == {"type", *View.__struct_fields__}
