"""Missed backups: by the schedule, by age without one, whatever the clock did."""

from datetime import UTC, datetime, timedelta

import pytest

from msptool.backup.saving import due
from msptool.profile.shape import Job
from msptool.schedule import calendar

JOB = Job(repository="nas", paths=("/srv",), rpo_h=24)
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NIGHT = calendar.parse("*-*-* 19:00:00")
LAST = datetime(2026, 3, 9, 19, 0, tzinfo=UTC)


def judged(*begun: datetime, when: tuple[calendar.Calendar, ...] = (NIGHT,)) -> due.Due | None:
    return due.judged("files", JOB, begun, when, NOW)


def test_a_backup_since_the_scheduled_moment_is_enough() -> None:
    assert judged(LAST) is None
    assert judged(LAST + timedelta(hours=3)) is None


def test_a_backup_before_it_was_missed_since_and_says_which() -> None:
    found = judged(LAST - timedelta(seconds=1), LAST - timedelta(days=3))
    assert found == due.Due("files", LAST - timedelta(seconds=1), LAST)
    assert judged() == due.Due("files", None, LAST)


def test_what_the_schedule_just_started_is_left_to_it() -> None:
    now = LAST + due.GRACE - timedelta(seconds=1)
    before = LAST - timedelta(hours=23)
    assert due.judged("files", JOB, [before], [NIGHT], now) is None
    assert due.judged("files", JOB, [before], [NIGHT], LAST + due.GRACE) is not None


def test_the_latest_of_two_steps_counts() -> None:
    noon = calendar.parse("*-*-* 09:30:00")
    found = judged(LAST + timedelta(hours=1), when=(NIGHT, noon))
    assert found is not None and found.scheduled_at == datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "missed"), [(23, False), (25, True)])
def test_without_a_schedule_the_agreed_age_counts(hours: int, missed: bool) -> None:
    found = judged(NOW - timedelta(hours=hours), when=())
    assert (found is not None) == missed
    assert found is None or found.scheduled_at is None


def test_a_seal_from_before_the_clock_was_set_back_is_no_newest() -> None:
    ahead = NOW + timedelta(days=365)
    assert judged(ahead) is not None
    assert judged(ahead, LAST) is None


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_both_days_of_a_changed_clock_have_one_scheduled_moment(day: str) -> None:
    at = datetime.fromisoformat(day).replace(hour=1, minute=30, tzinfo=UTC)
    when = calendar.parse("*-*-* 01:30:00")
    assert when.last_before(at) == at
    assert when.last_before(at - timedelta(seconds=1)) == at - timedelta(days=1)
    assert when.last_before(at + timedelta(hours=23)) == at
