"""How many packets may go to and fro in any second: one budget a host, one for all of them.

Packets are reckoned, not counted: what TCP sends for a connection, a question and an answer of so
many bytes, acknowledgements included. The reckoning errs to the many.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

# A little over a second: packets leave a little after they are reckoned.
WINDOW_S = 1.1
OPEN, SAY, CLOSE, HANDSHAKE = 3, 2, 4, 12
SEGMENT_BYTES = 1448


class Budget:
    """Lets at most `limit` packets pass in any window; 0 lets all pass. Safe for threads."""

    def __init__(
        self,
        limit: int,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit, self._now, self._sleep = limit, now, sleep
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0
        self.lock = threading.RLock()

    def spend(self, packets: int) -> None:
        """Wait until so many more fit, and reckon them."""
        spend(packets, self)

    def note(self, packets: int) -> None:
        """Reckon packets that came without being asked whether they fit."""
        with self.lock:
            if self._limit:
                self._add(packets)

    def wait_s(self, packets: int) -> float:
        """Return how long to wait before so many might fit; 0.0 where they do now."""
        with self.lock:
            self._forget()
            if not self._limit or not self._spent or self._sum + packets <= self._limit:
                return 0.0
            return max(self._spent[0][0] + WINDOW_S - self._now(), 0.001)

    def pause(self, seconds: float) -> None:
        """Let time go by."""
        self._sleep(seconds)

    def _add(self, packets: int) -> None:
        self._spent.append((self._now(), packets))
        self._sum += packets

    def _forget(self) -> None:
        while self._spent and self._spent[0][0] <= self._now() - WINDOW_S:
            self._sum -= self._spent.popleft()[1]


def spend(packets: int, *budgets: Budget) -> None:
    """Wait until so many more fit in each budget, and reckon them in all at once.

    Reckoned in one before they fit in the other, they would be forgotten there before they leave;
    of several conversations with a host some would then leave together. The budgets are given in
    the same order always.
    """
    while True:
        with contextlib.ExitStack() as held:
            for budget in budgets:
                held.enter_context(budget.lock)
            wait_s = max(budget.wait_s(packets) for budget in budgets)
            if not wait_s:
                for budget in budgets:
                    budget.note(packets)
                return
        budgets[0].pause(wait_s)


class Wire:
    """A host's budget beside everybody's."""

    def __init__(self, host: Budget, everyone: Budget) -> None:
        self._host, self._everyone = host, everyone

    def spend(self, packets: int) -> None:
        """Wait for room in both."""
        spend(packets, self._host, self._everyone)

    def received(self, size_bytes: int) -> None:
        """Reckon the further segments of an answer and their acknowledgements."""
        more = 2 * (size_bytes // SEGMENT_BYTES)
        if more:
            self._host.note(more)
            self._everyone.note(more)
