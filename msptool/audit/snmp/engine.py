"""What every SNMP engine is to the rest: a session with one agent under one credential, and the
ways in which asking may end other than by an answer.
"""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from msptool import clock
from msptool.audit.snmp.pdu import Kind, Varbind

Version: TypeAlias = Literal["1", "2c", "3"]


class Credential(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """With what an agent is asked. `label` stands for it in records: it is no secret. Of a
    community without `version` both are tried, 2c first. `networks`: where it holds; all, if empty.
    """

    label: str
    version: Literal["1", "2c", "3", ""] = ""
    community: str = ""
    user: str = ""
    auth: str = ""
    auth_password: str = ""
    priv: str = ""
    priv_password: str = ""
    context: str = ""
    networks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say which it is; never with what: reprs end in tracebacks."""
        return f"Credential({self.label!r})"


def holds_at(credential: Credential, address: str) -> bool:
    """Tell whether a credential is meant for an address."""
    where = ip_address(address)
    return not credential.networks or any(
        where in ip_network(network, strict=False) for network in credential.networks
    )


def octets(text: str) -> bytes:
    """Return a name or a secret as it travels: UTF-8, and octets that are none as they were."""
    return text.encode("utf-8", "surrogateescape")


class Silent(Exception):  # noqa: N818 - what an agent does is no fault
    """Nothing came in time that could be taken; `noise` says what did come: "garbled",
    "unauthentic", "stale", "other-question", "closed"; "" for nothing.
    """

    def __init__(self, noise: str = "") -> None:
        super().__init__(noise)
        self.noise = noise


class Refused(Exception):  # noqa: N818
    """The agent answered with an error status (pdu.STATUS); `index` counts objects from 1."""

    def __init__(self, status: str, index: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.index = index


class Rejected(Exception):  # noqa: N818
    """The agent does not let this user in; `reason` is a key of reasons.REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Restarted(Exception):  # noqa: N818
    """The agent is another engine now: what was agreed with it is void, a new session is not."""


class Pace:
    """Requests to one host at least `pause_s` apart, whoever asks; and those to all hosts."""

    def __init__(self, pause_s: float, everyone: "Pace | None" = None) -> None:
        self._pause_s = pause_s
        self._everyone = everyone
        self._next_s = 0.0

    async def turn(self) -> None:
        """Wait for the next one's turn."""
        if self._everyone is not None:
            await self._everyone.turn()
        if self._pause_s:
            now = clock.monotonic_s()
            turn = max(now, self._next_s)
            self._next_s = turn + self._pause_s
            if turn > now:
                await asyncio.sleep(turn - now)


class Session(Protocol):
    """One agent, one credential. Not for two questions at a time."""

    async def ask(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        """Return what was answered: of "get" and "next" one for each object, of "bulk" up to
        `rows` rounds of them. It is sent as often as there are waits.

        Raises Silent, Refused, Rejected, Restarted.
        """

    def close(self) -> None:
        """Let go of the line."""
