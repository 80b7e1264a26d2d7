"""What an engineer may do to a store, each by a name, for drawn histories.

Every text holds a mark of its own, so that what was redacted can be looked for everywhere.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from unittest import mock

import msgspec

from msptool.errors import UsageError
from msptool.model import Outcome
from msptool.tickets import events, ids, redaction
from msptool.tickets.acts import acting, asking, changing, ending, tying, working
from msptool.tickets.desk import Desk
from msptool.tickets.events import AnyEvent, Attached, Pen, Redacted, Visit
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.site import Site, attempt, finding, report

_MARK = re.compile(r"mark-\w+-\d+-end")


@dataclass
class Engineer:
    """Someone with a clone; `written` are the events that the store took, `redacted` marks."""

    name: str
    site: Site
    clashing: bool
    written: list[str] = field(default_factory=list)
    redacted: set[str] = field(default_factory=set)
    _marks: Iterator[int] = field(default_factory=itertools.count)
    _drawings: Iterator[int] = field(default_factory=itertools.count)

    def do(self, verb: str, pick: int, other: int) -> None:
        """Do it to a ticket that is there; what cannot be done is left."""
        self.site.later(0.5)
        with self.site.desk(to_write=False) as desk:
            there = [ident for (ident,) in desk.index.rows("SELECT id FROM ticket ORDER BY id")]
        with self._watched(), suppress(UsageError):
            if verb == "ingest":
                ingest(self, pick, other)
                return
            with self.site.desk() as desk:
                VERBS[verb](Hand(self, desk, there[pick % len(there)], there[other % len(there)]))

    @contextmanager
    def _watched(self) -> Iterator[None]:
        with ExitStack() as held:
            held.enter_context(mock.patch.object(ids, "draw", self._drawn))
            held.enter_context(mock.patch.object(Desk, "write", self._write()))
            yield

    def _drawn(self, client: str) -> str:
        """Draw an id: of few, so that laptops draw the same, or one of its own."""
        if not self.clashing:
            return _draw(client)
        return ids.numbered(client, next(self._drawings) * 1_000_003)

    def _write(self) -> Callable[..., None]:
        write, written = Desk.write, self.written

        def noted(desk: Desk, new: Mapping[str, tuple[AnyEvent, ...]]) -> None:
            write(desk, new)
            written.extend(event.eid for its in new.values() for event in its)

        return noted

    def mark(self) -> str:
        """Return a text that stands nowhere else."""
        return f"mark-{self.name}-{next(self._marks)}-end"


_draw = ids.draw


@dataclass(frozen=True)
class Hand:
    """An engineer at an open desk, with a ticket and another."""

    who: Engineer
    desk: Desk
    ident: str
    other: str

    @property
    def pen(self) -> Pen:
        """The engineer's pen."""
        return self.who.site.pen(f"{self.who.name}@desk")

    @property
    def text(self) -> str:
        """A text with a mark."""
        return f"said {self.who.mark()} so"


def _add(hand: Hand) -> object:
    return asking.add(
        hand.desk, f"wants {hand.who.mark()}", pen=hand.pen, text=hand.text, checklist=("a", "b")
    )


def _visit(hand: Hand) -> object:
    pen, place = hand.pen, hand.text

    def planned(ticket: Ticket) -> Visit:
        mark = pen.mark(ticket.history)
        return Visit(
            **mark, visit=mark["eid"], starts_at=pen.at, ends_at=pen.at + timedelta(hours=1),
            place=place,
        )  # fmt: skip

    return acting.act(hand.desk, hand.ident, planned)


def _attach(hand: Hand) -> object:
    pen, name = hand.pen, hand.text
    return acting.act(
        hand.desk,
        hand.ident,
        lambda t: Attached(**pen.mark(t.history), sha256="a" * 64, name=name, size_bytes=1),
    )


def _void(hand: Hand) -> object:
    ticket = hand.desk.read(hand.ident)
    able = (*ticket.times, *ticket.visits, *ticket.attachments)
    return working.void(hand.desk, hand.ident, able[0].eid, pen=hand.pen) if able else None


def _redact(hand: Hand) -> None:
    """Take one mark out of one event, by a tombstone."""
    ticket = hand.desk.read(hand.ident)
    for event in reversed(ticket.history):
        told = msgspec.json.decode(events.encode(event))
        for secret in _MARK.findall(str(told)):
            cuts = redaction.places(told, secret)
            gone = Redacted(**hand.pen.mark(ticket.history), of=event.eid, cuts=cuts)
            hand.who.redacted.add(secret)
            hand.desk.write({hand.ident: (gone,)})
            return


def ingest(who: Engineer, pick: int, other: int) -> None:
    """Ingest a report in which some of four findings are there and some are gone."""
    site = who.site
    found = [finding(part=f"tcp/{port}") for port in range(4) if pick >> port & 1]
    outcome: Outcome = "fail" if found else "pass"
    told = report(site.now, *found, attempts=(attempt(outcome),))
    site.ingest(told)
    if other % 3 == 0:
        site.ingest(told)


Act = Callable[[Hand], object]
VERBS: Mapping[str, Act] = {
    "add": _add,
    "comment": lambda h: changing.comment(h.desk, h.ident, h.text, pen=h.pen),
    "rename": lambda h: changing.edit(h.desk, h.ident, {"title": h.text}, pen=h.pen),
    "assign": lambda h: changing.edit(h.desk, h.ident, {"assignee": h.who.name}, pen=h.pen),
    "wait": lambda h: changing.edit(h.desk, h.ident, {"state": "waiting"}, pen=h.pen),
    "raise": lambda h: changing.edit(h.desk, h.ident, {"priority": "high"}, pen=h.pen),
    "close": lambda h: ending.close(h.desk, h.ident, "fixed", pen=h.pen, text=h.text),
    "refuse": lambda h: ending.close(h.desk, h.ident, "wont-fix", pen=h.pen, text=h.text),
    "accept": lambda h: ending.close(
        h.desk, h.ident, "accepted", pen=h.pen, text=h.text, until=h.pen.at + timedelta(days=9)
    ),
    "reopen": lambda h: ending.reopen(h.desk, h.ident, pen=h.pen, text=h.text),
    "snooze": lambda h: ending.snooze(h.desk, h.ident, h.pen.at + timedelta(days=1), pen=h.pen),
    "link": lambda h: tying.link(h.desk, h.ident, h.other, "blocks", pen=h.pen),
    "unlink": lambda h: tying.link(h.desk, h.ident, h.other, "blocks", pen=h.pen, gone=True),
    "merge": lambda h: tying.merge(h.desk, h.ident, h.other, pen=h.pen),
    "split": lambda h: asking.split(h.desk, h.ident, h.text, pen=h.pen),
    "escalate": lambda h: changing.escalate(
        h.desk, h.ident, pen=h.pen, symptom=h.text, tried=h.text, evidence=h.text
    ),
    "work": lambda h: working.work(h.desk, h.ident, 15, pen=h.pen, text=h.text),
    "visit": _visit,
    "attach": _attach,
    "tick": lambda h: changing.tick(h.desk, h.ident, 1, pen=h.pen),
    "void": _void,
    "redact": _redact,
}


def files_of(site: Site) -> dict[Path, bytes]:
    """Return the bytes of all files of tickets."""
    return {path: path.read_bytes() for path in site.workspace.tickets.glob("??/*.jsonl")}
