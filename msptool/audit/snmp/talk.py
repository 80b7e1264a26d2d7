"""A conversation with one agent: questions that survive loss, restarts and agents that promise
too much, within limits. What comes out of `ask` was asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msptool.audit.snmp import ber
from msptool.audit.snmp.engine import Refused, Restarted, Session, Silent
from msptool.audit.snmp.pdu import Kind, Varbind

REPETITIONS = (25, 10, 1)  # rows of a column in one answer; then the careful, then one by one
_LOWEST = len(REPETITIONS) - 1
_MOST_FAILURES = 3  # questions without an answer, one after the other
# How often a question is sent, and how long is waited each time, after so many failures.
_WAITS = ((1, 1, 2), (1, 2), (2,))
_GOOD = 8  # answers after which more is asked for again
_MOST_VARBINDS = 100  # of an answer: some 2 kB, which nobody's buffer refuses
_RESTARTS = 2
_SLOWER = 4  # than the slowest answer so far: not lost yet


@dataclass(frozen=True)
class Limits:
    """How much of an agent is read, at most. `least_rows_s`: whoever gives fewer in a second is
    left after `patience_s`, which a drip would outlast for hours. An answer is waited for between
    `quick_s` and `timeout_s` before the question is sent again.
    """

    rows: int = 20_000
    bytes: int = 2 << 20
    seconds: float = 60.0
    patience_s: float = 8.0
    least_rows_s: float = 50.0
    quick_s: float = 0.5
    timeout_s: float = 1.0


class Over(Exception):  # noqa: N818 - an end, not a fault
    """Reading ends here; `reason` is a key of reasons.REASONS, `detail` an error status."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Talk:
    """One agent under one credential. `open_` makes a session, as often as one is lost."""

    def __init__(
        self, open_: Callable[[], Session], limits: Limits, now_s: Callable[[], float]
    ) -> None:
        self._open = open_
        self._limits = limits
        self._now_s = now_s
        self._session: Session | None = None
        self._began_s = now_s()
        self._slowest_s = 0.0
        self.rows = 0
        self.bytes = 0
        self.restarts = 0
        self.rung = 0  # of REPETITIONS
        self.least_rung = 0
        self._failures = 0
        self._good = 0

    def close(self) -> None:
        """Let go of the agent."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def check(self) -> None:
        """Raise Over where a limit is reached."""
        if self.rows >= self._limits.rows:
            raise Over("rows")
        if self.bytes >= self._limits.bytes:
            raise Over("bytes")
        if self.left_s() <= 0:
            raise Over("seconds")

    def left_s(self) -> float:
        """Return how long this agent may still take, by what it gave so far."""
        limits = self._limits
        earned_s = limits.patience_s + self.rows / limits.least_rows_s
        return self._began_s + min(limits.seconds, earned_s) - self._now_s()

    async def greet(self, oids: Sequence[bytes], waits_s: Sequence[float]) -> list[Varbind]:
        """Ask for the first time; Silent means that nobody is there."""
        return await self._timed("get", oids, 0, waits_s)

    async def ask(self, kind: Kind, oids: Sequence[bytes], rows: int = 0) -> list[Varbind]:
        """Ask once, three times if need be; of "get" and "next" one answer for each object comes
        back, of "get" with its name. Raises Over, Refused, Rejected, Silent.
        """
        self.check()
        wait_s = self._wait_s()
        waits_s = [times * wait_s for times in _WAITS[self._failures]]
        found = await self._timed(kind, oids, rows, waits_s)
        self._failures = 0
        self._good += 1
        if self._good >= _GOOD and self.rung > self.least_rung:
            self.rung, self._good = self.rung - 1, 0
        return found

    def failed(self, error: Silent | Refused) -> None:
        """Go down a rung after a question that failed; raise Over where that was the last."""
        self._failures += 1
        self._good = 0
        if isinstance(error, Refused):  # it can do no more; of what got lost it can
            self.least_rung = min(self.least_rung + 1, len(REPETITIONS) - 1)
        if self._failures >= _MOST_FAILURES:
            self._failures = 0
            raise _end(error) from error
        self.rung = min(self.rung + 1, _LOWEST)

    async def _timed(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        began_s = self._now_s()
        found = await self._through_restarts(kind, oids, rows, waits_s)
        self._slowest_s = max(self._slowest_s, min(self._now_s() - began_s, waits_s[0]))
        return _asked_for(kind, oids, rows, found)

    async def _through_restarts(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        while True:
            if self._session is None:
                self._session = self._open()
            try:
                return await self._session.ask(kind, oids, rows, waits_s)
            except Silent:
                self.close()  # whatever it had agreed with the agent may be what is wrong
                raise
            except Restarted:
                self.close()
                self.restarts += 1
                if self.restarts > _RESTARTS:
                    raise Over("restarted") from None

    def _wait_s(self) -> float:
        """Return how long to wait: an agent that was quick is not waited for as for a slow one."""
        adapted = max(self._limits.quick_s, _SLOWER * self._slowest_s)
        return max(0.05, min(self._limits.timeout_s, adapted, self.left_s()))


def rounds(columns: int, rung: int) -> int:
    """Return how many rows of so many columns to ask for at once, on a rung of REPETITIONS."""
    return max(1, min(REPETITIONS[rung], _MOST_VARBINDS // columns))


def _asked_for(kind: Kind, oids: Sequence[bytes], rows: int, found: list[Varbind]) -> list[Varbind]:
    """Return what was asked for: no agent puts more, less or something else in its place."""
    if kind == "bulk":
        return found[: len(oids) * rows]
    same = len(found) == len(oids) and (
        kind == "next" or all(name == oid for (name, _, _), oid in zip(found, oids, strict=True))
    )
    if not same:
        raise Over("wrong-object")
    return found


def _end(error: Silent | Refused) -> Over:
    if isinstance(error, Silent):
        return ended(error, met=True)
    return Over("refused", error.status)


def ended(silent: Silent, *, met: bool) -> Over:
    """Return how a conversation ended in silence, with one whom we had met or not."""
    if silent.noise in ("", "closed"):
        return Over("lost" if met else "silent")
    return Over(silent.noise)


def subtree(text: str) -> bytes:
    """Return where a walk goes: an OID's octets; b"" for all ("", "." and "1")."""
    plain = text.strip(".")
    return b"" if plain in ("", "1") else ber.oid(plain)
