"""The budget of packets: never more than so many in any second, whoever asks."""

import time
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.workers.wire import Budget, Wire


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now_s += seconds


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 0.5)), max_size=60))
def test_no_second_holds_more_than_the_limit(spent: list[tuple[int, float]]) -> None:
    clock = Clock()
    budget = Budget(36, clock.now, clock.sleep)
    sent: list[tuple[float, int]] = []
    for packets, later_s in spent:
        clock.now_s += later_s
        budget.spend(packets)
        sent.append((clock.now_s, packets))
    for begin, _ in sent:
        assert sum(n for at, n in sent if begin <= at < begin + 1) <= 36


def test_what_came_unasked_is_waited_for_afterwards() -> None:
    clock = Clock()
    budget = Budget(10, clock.now, clock.sleep)
    budget.note(30)
    budget.spend(4)
    assert clock.now_s > 1


def test_a_spending_above_the_limit_passes_alone() -> None:
    clock = Clock()
    budget = Budget(10, clock.now, clock.sleep)
    budget.spend(50)
    assert clock.now_s == 0
    budget.spend(1)
    assert clock.now_s > 1


def test_what_waits_for_everybody_is_not_forgotten_at_its_host() -> None:
    """Several conversations with a host wait for the common budget, and then leave together."""
    clock = Clock()
    everyone = Budget(40, clock.now, clock.sleep)
    wire = Wire(Budget(20, clock.now, clock.sleep), everyone)
    sent: list[tuple[float, int]] = []
    for others in (40, 35, 30, 0, 40, 10):
        everyone.note(others)
        for _ in range(4):
            wire.spend(9)
            sent.append((clock.now_s, 9))
    for begin, _ in sent:
        assert sum(n for at, n in sent if begin <= at < begin + 1) <= 20


def test_no_second_of_many_threads_holds_more_than_the_limit() -> None:
    budget, everyone = Budget(100), Budget(150)
    wires = [Wire(budget, everyone), Wire(budget, everyone), Wire(Budget(100), everyone)]
    sent: list[tuple[float, int]] = []

    def spend(wire: Wire) -> None:
        for _ in range(4):
            wire.spend(9)
            sent.append((time.monotonic(), 9))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(spend, wires * 2))
    assert len(sent) == 24
    for begin, _ in sent:
        assert sum(n for at, n in sent if begin <= at < begin + 1) <= 150


def test_no_limit_waits_for_nothing() -> None:
    budget = Budget(0, sleep=lambda _: None)
    budget.spend(10**9)
    wire = Wire(budget, budget)
    wire.spend(10**9)
    wire.received(10**9)


def test_everybody_counts_in_the_common_budget() -> None:
    clock = Clock()
    everyone = Budget(20, clock.now, clock.sleep)
    wires = [Wire(Budget(20, clock.now, clock.sleep), everyone) for _ in range(4)]
    for wire in wires:
        wire.spend(10)
    assert clock.now_s > 1
