from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from msptool.tickets import events, ids, lifecycle, store
from msptool.tickets.events import (
    AnyEvent,
    Closed,
    Comment,
    Opened,
    Reopened,
    Resolved,
    Set,
    Unknown,
)
from msptool.tickets.fold import fold, fold_all, in_order
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.histories import histories, others
from tests.unit.tickets.site import HOUR, T0

IDENT = "ACME-000000-0"


@given(histories, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(told: list[AnyEvent], chance: Any) -> None:
    again = [*told, *chance.choices(told, k=chance.randint(0, 10))]
    chance.shuffle(again)
    assert fold(IDENT, again) == fold(IDENT, told)


@given(histories, st.lists(others, max_size=6), st.lists(others, max_size=6))
def test_union_merges_of_two_histories_agree(
    common: list[AnyEvent], ours: list[AnyEvent], theirs: list[AnyEvent]
) -> None:
    one_way = fold(IDENT, [*common, *ours, *common, *theirs])
    other_way = fold(IDENT, [*theirs, *common, *ours])
    assert one_way == other_way


@given(histories)
def test_through_bytes_and_back(told: list[AnyEvent]) -> None:
    from pathlib import Path

    data = b"".join(events.encode(event) + b"\n" for event in told)
    read, problems = store.parse(Path("x"), data)
    assert not problems
    assert fold(IDENT, read) == fold(IDENT, told)


@given(histories)
def test_every_history_folds_and_loses_no_event(told: list[AnyEvent]) -> None:
    tickets = fold_all(IDENT, told)
    eids = [event.eid for ticket in tickets for event in ticket.history]
    assert sorted(eids) == sorted({event.eid for event in told})
    assert len({ticket.id for ticket in tickets}) == len(tickets)
    for ticket in tickets:
        assert ticket.state in lifecycle.STATES
        assert (ticket.ended_at is None) == ticket.active
        assert (ticket.reason is None) == (ticket.state != "closed")
        assert ticket.history == in_order(ticket.history)


class Teller:
    """Writes one event after the other, an hour apart."""

    def __init__(self) -> None:
        self.told: list[AnyEvent] = []

    def mark(self, by: str = "anna@a") -> events.Mark:
        n = len(self.told) + 1
        return events.Mark(eid=f"{n:026d}", n=n, by=by, at=T0 + n * HOUR, after=())

    def say(self, kind: type[Any], by: str = "anna@a", /, **said: Any) -> Ticket:
        self.told.append(kind(**self.mark(by), **said))
        ticket = fold(IDENT, self.told)
        assert ticket is not None
        return ticket

    def open(self, **said: Any) -> Ticket:
        basic: dict[str, Any] = {
            "format": 1,
            "ticket": IDENT,
            "client": "ACME",
            "kind": "request",
            "title": "t",
        }
        return self.say(Opened, **basic | said)


SEEN = events.Sighting(seen_at=T0)


def test_no_event_that_takes_the_openings_eid_makes_the_ticket_vanish() -> None:
    tell = Teller()
    tell.open()
    for n in (1, 2):
        thief = Comment(eid=tell.told[0].eid, n=n, by="!", at=T0, text="")
        ticket = fold(IDENT, [thief, *tell.told])
        assert ticket is not None
        assert ticket.history == tuple(tell.told)


def test_no_opening_no_ticket() -> None:
    assert fold(IDENT, [Comment(**Teller().mark(), text="lost")]) is None


def test_answered_by_the_first_thing_a_person_does_not_by_a_machine() -> None:
    tell = Teller()
    tell.open()
    assert tell.say(Set, events.MACHINE, fields={"severity": "low"}).answered_at is None
    assert tell.say(Comment, text="looking").answered_at == T0 + 3 * HOUR
    assert tell.say(Comment, "boris@b", text="too").answered_at == T0 + 3 * HOUR


def test_reopening_starts_the_clocks_anew() -> None:
    tell = Teller()
    tell.open()
    tell.say(Closed, reason="fixed")
    ticket = tell.say(Reopened)
    assert (ticket.since, ticket.answered_at, ticket.ended_at) == (T0 + 3 * HOUR, None, None)
    assert (ticket.state, ticket.reason, ticket.reopened) == ("open", None, 1)


def test_resolved_then_closed_ended_when_it_was_resolved() -> None:
    tell = Teller()
    tell.open()
    tell.say(Resolved, events.MACHINE, seen=SEEN)
    ticket = tell.say(Closed, reason="fixed")
    assert (ticket.state, ticket.ended_at) == ("closed", T0 + 2 * HOUR)


def test_moves_without_effect_are_kept_and_named() -> None:
    tell = Teller()
    tell.open()
    tell.say(Closed, reason="wont-fix", text="agreed")
    tell.say(Resolved, events.MACHINE, seen=SEEN)
    tell.say(Set, fields={"state": "in_progress"})
    ticket = tell.say(Closed, reason="fixed")
    assert (ticket.state, ticket.reason) == ("closed", "wont-fix")
    assert ticket.unmoved == tuple(event.eid for event in tell.told[2:])


def test_set_moves_among_active_states_and_passes_over_what_it_does_not_know() -> None:
    tell = Teller()
    tell.open(priority="low")
    ticket = tell.say(Set, fields={"state": "waiting", "mood": "grim", "tags": ("a", "b")})
    assert (ticket.state, ticket.priority) == ("waiting", "low")
    ticket = tell.say(Set, fields={"state": "closed", "priority": "huge", "title": None})
    assert (ticket.state, ticket.priority, ticket.title) == ("waiting", "low", "t")
    assert tell.say(Set, fields={"priority": "high"}).priority == "high"


def test_what_is_known_of_the_state_never_grows_older() -> None:
    tell = Teller()
    tell.open()
    later = events.Sighting(seen_at=T0 + 90 * HOUR)
    tell.say(Resolved, events.MACHINE, seen=later)
    assert tell.say(Closed, "slow@clock", reason="fixed").as_of == T0 + 90 * HOUR


def test_an_unknown_event_is_kept_and_named() -> None:
    tell = Teller()
    tell.open()
    ticket = tell.say(Unknown, event="visited")
    assert ticket.unknown == ("visited",)
    assert len(ticket.history) == 2


def test_a_second_opening_is_a_second_ticket() -> None:
    tell = Teller()
    tell.open()
    ticket = tell.open(title="other")
    first, second = fold_all(IDENT, tell.told)
    assert (first, first.title, second.title) == (ticket, "t", "other")
    assert ids.is_id(second.id) and second.id != IDENT
    assert first.clashed == second.clashed == IDENT
