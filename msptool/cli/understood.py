"""How the times and lengths that somebody typed were understood, on the client's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from msptool.cli.speech import _
from msptool.tickets.events import AnyEvent, Closed, Snoozed, Timed, Visit


def told(event: AnyEvent, zone: tzinfo) -> str:
    """Return what was understood; "" of an act without a time."""
    match event:
        case Snoozed():
            return _("until {0}", zoned(event.until, zone))
        case Closed() if event.until is not None:
            return day_end(event.until, zone)
        case Timed():
            return _("{0} from {1}", length(event.minutes), zoned(event.began_at, zone))
        case Visit():
            return span(event.starts_at, event.ends_at, zone, zoned)
    return ""


def span(
    starts_at: datetime, ends_at: datetime, zone: tzinfo, say: Callable[[datetime, tzinfo], str]
) -> str:
    """Return a beginning and an end, each as `say` has it; of an end on the same day the hour."""
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    until = f"{ends:%H:%M}" if starts.date() == ends.date() else say(ends, zone)
    return f"{say(starts, zone)} - {until}"


def length(minutes: int) -> str:
    """Return minutes of work as `1:30`."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def day_end(until: datetime, zone: tzinfo) -> str:
    """Return the last day of what lasts until a day's end."""
    # the end of a day is the next one's beginning
    last = until.astimezone(zone) - timedelta(seconds=1)
    return _("until the end of {0}", f"{last:%Y-%m-%d}")


def at(moment: datetime, zone: tzinfo) -> str:
    """Return a time on the clock of a zone that is named elsewhere."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def zoned(moment: datetime, zone: tzinfo) -> str:
    """Return a time on the clock of a zone, with its name."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
