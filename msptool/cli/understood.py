"""How the times and lengths that somebody typed were understood, on the client's clock."""

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
            length = f"{event.minutes // 60}:{event.minutes % 60:02d}"
            return _("{0} from {1}", length, zoned(event.began_at, zone))
        case Visit():
            starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
            until = f"{ends:%H:%M}" if starts.date() == ends.date() else zoned(ends, zone)
            return f"{zoned(starts, zone)} - {until}"
    return ""


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
