"""How many packets may go to and fro in any second: one budget a host, one for all of them.

Packets are reckoned, not counted: what TCP sends for a connection, a question and an answer of so
many bytes, acknowledgements included. The reckoning errs to the many.
"""

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
        self._lock = threading.Lock()

    def spend(self, packets: int) -> None:
        """Wait until so many more fit, and reckon them."""
        while (wait_s := self._wait(packets)) > 0:
            self._sleep(wait_s)

    def note(self, packets: int) -> None:
        """Reckon packets that came without being asked whether they fit."""
        with self._lock:
            if self._limit:
                self._add(packets)

    def _wait(self, packets: int) -> float:
        """Return how long to wait before trying again; 0.0 where the packets were let pass."""
        with self._lock:
            if not self._limit:
                return 0.0
            self._forget()
            if self._sum + packets > self._limit and self._spent:
                return max(self._spent[0][0] + WINDOW_S - self._now(), 0.001)
            self._add(packets)
            return 0.0

    def _add(self, packets: int) -> None:
        self._spent.append((self._now(), packets))
        self._sum += packets

    def _forget(self) -> None:
        while self._spent and self._spent[0][0] <= self._now() - WINDOW_S:
            self._sum -= self._spent.popleft()[1]


class Wire:
    """A host's budget beside everybody's."""

    def __init__(self, host: Budget, everyone: Budget) -> None:
        self._host, self._everyone = host, everyone

    def spend(self, packets: int) -> None:
        """Wait for room in both."""
        self._host.spend(packets)
        self._everyone.spend(packets)

    def received(self, size_bytes: int) -> None:
        """Reckon the further segments of an answer and their acknowledgements."""
        more = 2 * (size_bytes // SEGMENT_BYTES)
        if more:
            self._host.note(more)
            self._everyone.note(more)
