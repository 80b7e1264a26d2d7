"""Working time in a profile: what is refused, and where it says so."""

from pathlib import Path

import pytest

from msptool.errors import ProfileError
from msptool.profile import load_file

HEAD = "msptool: 1\nclient: {code: ACME, name: Acme}\n"


def _load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "client.yaml"
    path.write_text(HEAD + text)
    return load_file(path).profile.tickets


@pytest.mark.parametrize(
    ("calendar", "message", "line"),
    [
        ('{week: {mon: ["13:00-09:00"]}}', "week.mon[0]: ends before it begins", 5),
        ('{week: {mon: ["09:00-09:00"]}}', "week.mon[0]: ends before it begins", 5),
        ('{week: {mon: ["09:00-13:00", "12:00-18:00"]}}', "mon[1]: begins before the one", 5),
        ("{days: [{date: 2026-01-01, hours: []}]}", "days[0].hours: must not be empty", 5),
        ('{days: [{date: 2026-01-01, hours: ["10:00-09:00"]}]}', "days[0].hours[0]: ends", 5),
        (
            '{days: [{date: 2026-01-01, hours: ["09:00-10:00"]},'
            ' {date: 2026-01-01, hours: ["09:00-10:00"]}]}',
            "days[1].date: stands here twice", 5,
        ),
        ("{closed: [{date: 2026-01-02, to: 2026-01-01}]}", "closed[0].to: is before", 5),
        ('{week: {mon: ["9:00-13:00"]}}', "week.mon[0]: not of the form", 5),
        ('{week: {mon: ["09:00-24:01"]}}', "week.mon[0]: not of the form", 5),
        ("{holidays: germany}", "holidays: not of the form", 5),
        ("{eve_less_h: -1}", "eve_less_h", 5),
        ("{wek: {}}", "wek", 5),
        ("{week: {monday: []}}", "monday", 5),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, calendar: str, message: str, line: int
) -> None:
    with pytest.raises(ProfileError) as told:
        _load(tmp_path, f"tickets:\n  pauses: [waiting]\n  calendar: {calendar}\n")
    assert message in told.value.message
    assert told.value.place.line == line


def test_a_promise_in_working_hours_needs_some(tmp_path: Path) -> None:
    sla = "sla: {high: {response_h: 1, resolve_h: 2, hours: business}}"
    with pytest.raises(ProfileError, match="names no working hours"):
        _load(tmp_path, f"tickets: {{{sla}, calendar: {{week: {{}}}}}}\n")
    _load(tmp_path, f"tickets: {{{sla}}}\n")


@pytest.mark.parametrize("plan", ["basic", "standard", "complex"])
def test_plans_load(tmp_path: Path, plan: str) -> None:
    _load(tmp_path, f"extends: {plan}\n")


def test_a_profile_of_before_still_loads(tmp_path: Path) -> None:
    _load(tmp_path, "tickets: {sla: {high: {response_h: 1, resolve_h: 2}}}\n")
