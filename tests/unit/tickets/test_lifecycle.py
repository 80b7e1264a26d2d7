import itertools
from typing import get_args

import pytest

from msptool.model import SEVERITIES
from msptool.tickets import lifecycle, vantage
from msptool.tickets.lifecycle import LEVELS, PRIORITY, STATES, Answer, Move, Reason, State


def test_the_tables_know_every_state_reason_and_level() -> None:
    assert set(STATES) == set(get_args(State)) == set(lifecycle.TRANSITIONS)
    assert set(lifecycle.SEEN_AGAIN) == set(get_args(Reason))
    assert set(PRIORITY) == set(SEVERITIES)
    assert all(set(row) == set(LEVELS) for row in PRIORITY.values())


def test_priority_never_falls_as_severity_or_importance_rises() -> None:
    rank = LEVELS.index
    for severity, (low, high) in itertools.product(SEVERITIES, itertools.pairwise(LEVELS)):
        assert rank(PRIORITY[severity][low]) <= rank(PRIORITY[severity][high])
    for (worse, better), level in itertools.product(itertools.pairwise(SEVERITIES), LEVELS):
        assert rank(PRIORITY[worse][level]) >= rank(PRIORITY[better][level])


def test_from_every_state_one_can_come_back_to_work_and_to_an_end() -> None:
    for state in STATES:
        back = lifecycle.after(state, "reopen") if state not in lifecycle.ACTIVE else state
        assert back in lifecycle.ACTIVE
        assert "closed" in (state, lifecycle.after(state, "close"))


@pytest.mark.parametrize("move", [m for m in get_args(Move) if m != "reopen"])
def test_a_closed_ticket_only_reopens(move: Move) -> None:
    assert lifecycle.after("closed", move) is None


@pytest.mark.parametrize(
    ("state", "reason", "answer"),
    [
        ("open", None, "known"),
        ("waiting", None, "known"),
        ("resolved", None, "reopen"),
        ("closed", "fixed", "reopen"),
        ("closed", "wont-fix", "stays"),
        ("closed", "accepted", "stays"),
        ("closed", "duplicate", "as-original"),
    ],
)
def test_seen_again(state: State, reason: Reason | None, answer: Answer) -> None:
    assert lifecycle.seen_again(state, reason) == answer


@pytest.mark.parametrize(
    ("look", "needed", "enough"),
    [
        ("routed", "", True),
        ("", "", True),
        ("", "routed", False),
        ("routed", "routed", True),
        ("segment:n1", "routed", True),
        ("segment:n1", "routed:n1", True),
        ("segment:n1", "routed:n2", False),
        ("routed", "segment:n1", False),
        ("segment:n2", "segment:n1", False),
        ("agent:a", "agent:a", True),
        ("agent:a", "routed", False),
        ("segment:n1", "agent:a", False),
        ("agent:a", "agent:b", False),
        ("anywhere", "anywhere", True),
        ("anywhere", "agent:a", True),
        ("agent:a", "anywhere", True),
        ("anywhere", "routed", False),
        ("anywhere", "segment:n1", False),
        ("segment:n1", "anywhere", False),
    ],
)
def test_vantages(look: str, needed: str, enough: bool) -> None:
    assert vantage.covers(look, "user", needed, "user") is enough
    assert vantage.covers(look, "root", needed, "user") is enough
    assert vantage.covers(look, "user", needed, "root") is False
