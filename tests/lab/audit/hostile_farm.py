"""Hostile and broken agents, and a few sound ones, in one process on loopback addresses:
`python -m tests.lab.audit.hostile_farm PORT`. Lives until stdin closes.

They do what real agents did to gufo-snmp and pysnmp; decision 0052 has the list.
"""

import selectors
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from msptool.audit.snmp import ber, secure
from tests.lab.audit.hostile_agents import (
    Always,
    Behaviour,
    Drip,
    Empty,
    Fails,
    Flood,
    OtherAddress,
    OtherObject,
    Silent,
    Walks,
    crowd,
    decreasing,
    endless,
    equal,
    long_strings,
    outside,
    padded,
)
from tests.lab.audit.hostile_engines import (
    BootsMore,
    ClockGames,
    NewEngine,
    ReportLoop,
    Secure,
    Stale,
    UnknownUser,
    WrongAuthKey,
    WrongDigest,
    WrongPrivacyKey,
)

_DEEP = b"".join(b"\x30\x82" + (3 * n).to_bytes(2, "big") for n in range(3000, 0, -1))
# By name: the agent, and how reading it ends ("" for whole; None for no answer at all).
AGENTS: dict[str, tuple[Callable[[], Behaviour], str | None]] = {
    **{f"sound {n}": (Behaviour, "") for n in range(6)},
    "sound v3": (Secure, ""),
    "endless": (lambda: Walks(endless), "rows"),
    "equal": (lambda: Walks(equal), "not-increasing"),
    "decreasing": (lambda: Walks(decreasing), "not-increasing"),
    "strings of 60 kB": (lambda: Walks(long_strings), "bytes"),
    "2,500 rows": (lambda: Walks(crowd), "wrong-object"),
    "padded numbers": (lambda: Walks(padded), "garbled"),
    "outside": (lambda: Walks(outside), ""),
    "drip": (Drip, "seconds"),
    "another number": (lambda: Always(_renumbered), "other-question"),
    "another address": (OtherAddress, ""),
    "cut off": (lambda: Always(lambda right: right[:-9]), "garbled"),
    "bad length": (lambda: Always(lambda r: b"\x30\x84\xff\xff\xff\xff" + r[2:]), "garbled"),
    "nested": (lambda: Always(lambda _: _DEEP), "garbled"),
    "0xff": (lambda: Always(lambda _: b"\xff" * 200), "garbled"),
    "genErr": (lambda: Fails(5), "refused: genErr"),
    "tooBig": (lambda: Fails(1), "refused: tooBig"),
    "authorizationError": (lambda: Fails(16), "refused: authorizationError"),
    "stops": (lambda: Fails(-1), "lost"),
    "another object": (OtherObject, "wrong-object"),
    "silent": (Silent, None),
    "flood": (Flood, ""),
    "empty": (Empty, "wrong-object"),
    "another community": (lambda: Always(lambda r: r.replace(b"public", b"secret", 1)), "garbled"),
    "unknown user": (UnknownUser, "wrong-user"),
    "wrong digest": (WrongDigest, "unauthentic"),
    "wrong authentication key": (WrongAuthKey, "wrong-auth-key"),
    "wrong privacy key": (WrongPrivacyKey, "wrong-privacy-key"),
    "clock games": (ClockGames, "time-window"),
    "stale": (Stale, "stale"),
    "new engine": (NewEngine, ""),
    "boots + 1": (BootsMore, ""),
    "report loop": (ReportLoop, "restarted"),
}


def _renumbered(right: bytes) -> bytes:
    message = ber.Reader(right).inside()
    head = ber.integer(message.integer()) + ber.octets(message.octets())
    inside = message.inside(0xA2)
    number = inside.integer()
    rest = inside.data[inside.at : inside.end]
    return ber.sequence(head, ber.sequence(ber.integer(number ^ 1), rest, tag=0xA2))


def address(name: str) -> str:
    """Return where an agent is."""
    return f"127.34.0.{[*AGENTS].index(name) + 1}"


class Farm:
    """All agents on their sockets, and what they have yet to say."""

    def __init__(self, port: int) -> None:
        self.ready = selectors.DefaultSelector()
        self._later: list[tuple[float, Any, bytes, Any]] = []
        self._stranger = _bound("127.34.1.1", port)
        for name, (make, _) in AGENTS.items():
            self.ready.register(_bound(address(name), port), selectors.EVENT_READ, make())

    def run(self) -> None:
        """Answer until stdin closes."""
        self.ready.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self.ready.select(0.02 if self._later else None):
                if key.fileobj is sys.stdin:
                    return
                self._heard(key.fileobj, key.data)
            self._say_what_is_due()

    def _heard(self, one: Any, agent: Behaviour) -> None:
        data, sender = one.recvfrom(65535)
        try:
            for after_s, reply, elsewhere in agent.replies(data):
                where = self._stranger if elsewhere else one
                if after_s:
                    self._later.append((time.monotonic() + after_s, where, reply, sender))
                else:
                    where.sendto(reply, sender)
        except (ber.Malformed, secure.Unauthentic, IndexError, OSError):
            pass  # of another version: an agent drops it

    def _say_what_is_due(self) -> None:
        now = time.monotonic()
        due = [one for one in self._later if one[0] <= now]
        self._later = [one for one in self._later if one[0] > now]
        for _, where, reply, sender in due:
            where.sendto(reply, sender)


def _bound(where: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((where, port))
    return one


if __name__ == "__main__":
    farm = Farm(int(sys.argv[1]))
    print("ready", flush=True)
    farm.run()
