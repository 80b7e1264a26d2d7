"""Deadlines and the report of a month on the terminal. Untrusted text is escaped by the tables."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msptool import terminal
from msptool.cli import base, speech
from msptool.cli.speech import _
from msptool.escape import visible
from msptool.tickets.sla.report import Report
from msptool.tickets.sla.why import Clock, Interval, Told
from msptool.tickets.ticket import first

_WHY = ("FROM", "TO", "COUNTS", "DOES NOT", "WHY")
_MONTH = ("PRIO", "OPENED", "ENDED", "LEFT", "RESPONSE", "RESOLUTION", "PAUSED")


def show_why(intervals: Sequence[Interval], told: Told, zone: ZoneInfo) -> None:
    """Print the intervals as a table, then the sums."""
    if not told.hours:
        base.say(_("{0}: nothing is promised for priority {1}", told.ticket, told.priority))
        return
    where = " ".join(filter(None, (told.hours, told.zone, told.holidays)))
    base.say(visible(f"{told.ticket}  {told.priority}  {where}"))
    base.table(_WHY, [_interval(one, zone) for one in intervals])
    sums = (_hm(told.counted_h), _hm(told.paused_h), _hm(told.skipped_h))
    base.say(_("counted {0}, paused {1}, outside working hours {2}", *sums))
    for label, clock in ((_("response"), told.response), (_("resolution"), told.resolution)):
        if clock is not None:
            base.say(_clock(label, clock, zone))


def _interval(one: Interval, zone: ZoneInfo) -> tuple[str, ...]:
    length = _hm(one.seconds / 3600)
    took = (length, "") if one.counted else ("", length)
    return _at(one.starts_at, zone), _at(one.ends_at, zone), *took, _because(one)


def _because(one: Interval) -> str:
    """Return the reason, whose day it is, who says so, and who paused."""
    name = first(one.names, (terminal.language(), "en"))
    moved = _("in place of another day") if one.day == "moved" else ""
    text = speech.told("sla", one.reason)
    more = ", ".join(filter(None, (name, moved, one.text, one.by)))
    source = f" ({one.source})" if one.source else ""
    return f"{text}: {more}{source}" if more else f"{text}{source}"


def _clock(label: str, clock: Clock, zone: ZoneInfo) -> str:
    used, promised = _hm(clock.used_h), _hm(clock.promised_h)
    standing = speech.told("clock", clock.standing)
    if clock.due_at is None:  # a clock that stands is due at no time
        return _("{0}: {1} of {2} used: {3}", label, used, promised, standing)
    due = _at(clock.due_at, zone)
    return _("{0}: {1} of {2} used, due {3}: {4}", label, used, promised, due, standing)


def _at(moment: datetime, zone: ZoneInfo) -> str:
    """Return a time on the client's wall clock and its offset: an hour may come twice."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %z")


def _hm(hours: float) -> str:
    """Return hours as `12:05`, to the minute that is full."""
    minutes = int(hours * 60 + 1e-6)
    return f"{minutes // 60}:{minutes % 60:02d}"


def show_reports(reports: Sequence[Report]) -> None:
    """Print the months of several clients, a blank line between them."""
    for nth, report in enumerate(reports):
        _show_report(report, gap="\n" if nth else "")


def _show_report(report: Report, *, gap: str) -> None:
    """Print a month: by priority, the worst, and the time that was worked."""
    base.say(gap + visible(f"{report.client}  {report.month}  {report.zone}"))
    base.table(_MONTH, [
        (row.priority, str(row.opened), str(row.ended), str(row.left_open),
         _kept(row.response.met, row.response.missed),
         _kept(row.resolution.met, row.resolution.missed), _hm(row.paused_h))
        for row in report.rows
    ])  # fmt: skip
    if report.worst is not None:
        worst = report.worst
        which = _("response") if worst.promise == "response" else _("resolution")
        base.say(_("worst: {0}, {1} late by {2}", worst.ticket, which, _hm(worst.over_h)))
    time = report.time
    base.say(_("worked: {0} in {1} entries", _hm(time.worked_min / 60), time.entries))
    of = f" / {_hm(time.contract_min / 60)}" if time.contract_min else ""
    base.say(_("in the contract: {0}; beyond it: {1}", _hm(time.included_min / 60) + of,
               _hm(time.over_min / 60)))  # fmt: skip
    base.say(_("billable: {0}; out of scope: {1}", _hm(time.billable_min / 60),
               _hm(time.out_of_scope_min / 60)))  # fmt: skip


def _kept(met: int, missed: int) -> str:
    return _("{0} met, {1} missed", met, missed) if met or missed else ""
