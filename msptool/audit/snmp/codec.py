"""The fast engine: our own messages over our own lines (docs/decisions/0052)."""

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from msptool import clock
from msptool.audit.snmp import community, engine_id, pdu, secure, usm
from msptool.audit.snmp.engine import (
    Credential,
    Pace,
    Refused,
    Rejected,
    Restarted,
    Session,
    Silent,
    octets,
)
from msptool.audit.snmp.line import Ignored, Line
from msptool.audit.snmp.pdu import Kind, Pdu, Varbind

_LARGEST_ID = 0x7FFF_FFFF
_VERSIONS = {"1": community.V1, "2c": community.V2C}
_WINDOW_S = 150  # RFC 3414, 3.2
_salts = itertools.count(secrets.randbits(64))


def session(address: str, port: int, credential: Credential, pace: Pace) -> Session:
    """Open a session; nothing is sent yet. `credential.version` must be one."""
    line = Line(address, port, pace)
    if credential.version == "3":
        return Secure(line, credential)
    return Plain(line, credential)


def _ids() -> "itertools.count[int]":
    """Return request ids from where nobody can guess."""
    return itertools.count(secrets.randbelow(_LARGEST_ID // 2) + 1)


class Plain:
    """A session of SNMP v1 or v2c."""

    def __init__(self, line: Line, credential: Credential) -> None:
        self._line = line
        self._version = _VERSIONS[credential.version]
        self._community = octets(credential.community)
        self._ids = _ids()

    async def ask(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        """See engine.Session."""
        number = next(self._ids)
        datagram = community.question(self._version, self._community, kind, number, oids, rows)

        def accept(data: bytes) -> Pdu:
            answer = community.read(data, self._version, self._community)
            if answer.request_id != number:
                raise Ignored("other-question")
            return answer

        return _rows_of(await self._line.exchange(datagram, waits_s, accept))

    def close(self) -> None:
        """See engine.Session."""
        self._line.close()


def _rows_of(answer: Pdu) -> list[Varbind]:
    if answer.status != "noError":
        raise Refused(answer.status, answer.index)
    return answer.varbinds


# usmStats (RFC 3414, 5), by their last arc: what a report says.
_STATS = bytes([0x2B, 6, 1, 6, 3, 15, 1, 1])
_REASONS = {
    1: "unsupported-level", 3: "wrong-user", 5: "wrong-auth-key", 6: "wrong-privacy-key",
}  # fmt: skip
_NOT_IN_WINDOW, _UNKNOWN_ENGINE = 2, 4


class _Resync(Exception):  # noqa: N818
    """The agent's clock is another one; what it says of it is vouched for."""


class Secure:
    """A session of SNMP v3: finds the engine, keeps its clock, opens what is vouched for."""

    def __init__(self, line: Line, credential: Credential) -> None:
        self._line = line
        self._who = credential
        self._ids = _ids()
        self._engine: secure.Engine | None = None
        self._keys = secure.NOBODY
        self._synced_s = 0.0
        self._let_in = False

    def close(self) -> None:
        """See engine.Session."""
        self._line.close()

    async def ask(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        """See engine.Session."""
        if self._engine is None:
            await self._discover(waits_s)
        try:
            return await self._asked(kind, oids, rows, waits_s)
        except Silent as silent:
            met = self._let_in or silent.noise or not self._keys.priv
            if not met and await self._is_let_in_openly(waits_s):
                raise Rejected("wrong-privacy-key") from silent
            raise

    async def _asked(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        for last in (False, True):
            number = next(self._ids)
            asked = secure.Asked(kind, number, oids, rows, next(_salts), octets(self._who.context))
            datagram = secure.question(asked, self._now(), self._keys)
            try:
                answer = await self._line.exchange(datagram, waits_s, partial(self._opened, number))
            except _Resync:
                if last:
                    break
                continue
            self._let_in = True
            return _rows_of(answer)
        raise Rejected("time-window")

    async def _discover(self, waits_s: Sequence[float]) -> None:
        number = next(self._ids)

        def accept(data: bytes) -> secure.Engine:
            seen = secure.outer(data)
            if seen.message_id != number or not engine_id.is_sound(seen.engine):
                raise Ignored("other-question")
            return seen.engine

        found = await self._line.exchange(secure.discovery(number), waits_s, accept)
        self._sync(found)
        self._keys = keys_at(found.ident, self._who)

    def _sync(self, engine: secure.Engine) -> None:
        self._engine = engine
        self._synced_s = clock.monotonic_s()

    def _now(self) -> secure.Engine:
        """Return the engine as it must look by now."""
        assert self._engine is not None  # noqa: S101 - asked for after discovery only
        spent_s = int(clock.monotonic_s() - self._synced_s)
        return replace(self._engine, time_s=self._engine.time_s + spent_s)

    async def _is_let_in_openly(self, waits_s: Sequence[float]) -> bool:
        """Tell whether the agent knows user and key for digests: it answers what is not encrypted,
        if only to say that this is too little. Nothing is asked for.
        """
        number = next(self._ids)
        openly = replace(self._keys, priv="", priv_key=b"")
        asked = secure.Asked("get", number, (), context=octets(self._who.context))

        def accept(data: bytes) -> bool:
            seen = secure.outer(data)
            if seen.message_id != number:
                raise Ignored("other-question")
            found = secure.opened(data, seen, openly)
            return bool(seen.flags) or _stat(found) == 1

        datagram = secure.question(asked, self._now(), openly)
        try:
            return await self._line.exchange(datagram, waits_s, accept)
        except (Silent, secure.Unauthentic):
            return False

    def _opened(self, number: int, data: bytes) -> Pdu:
        """Return the answer to a question of ours; raise what else a message says."""
        seen = secure.outer(data)
        if seen.message_id != number:
            raise Ignored("other-question")
        try:
            answer = secure.opened(data, seen, self._keys)
        except secure.Unauthentic as why:
            raise Ignored("unauthentic") from why
        if answer.tag == pdu.REPORT:
            self._report(answer, seen)
        if seen.engine.ident != self._now().ident or seen.flags != self._keys.flags:
            raise Ignored("unauthentic")
        if answer.request_id != number:
            raise Ignored("other-question")
        if self._keys.auth:
            self._keep_time(seen.engine)
        return answer

    def _report(self, report: Pdu, seen: secure.Outer) -> None:
        """Raise what a report says. Only of the clock must it be vouched for: all else ends the
        session, and sets nothing.
        """
        stat = _stat(report)
        if stat == _UNKNOWN_ENGINE:
            raise Restarted
        if stat == _NOT_IN_WINDOW:
            if not seen.flags or seen.engine.ident != self._now().ident:
                raise Ignored("unauthentic")
            self._sync(seen.engine)
            raise _Resync
        reason = _REASONS.get(stat)
        if reason is None:
            raise Ignored("garbled")
        raise Rejected(reason)

    def _keep_time(self, told: secure.Engine) -> None:
        """Refuse what is older than the window; follow a clock that is ahead (RFC 3414, 3.2.7)."""
        ours = self._now()
        late = told.boots < ours.boots or (
            told.boots == ours.boots and told.time_s < ours.time_s - _WINDOW_S
        )
        if late:
            raise Ignored("stale")
        if (told.boots, told.time_s) > (ours.boots, ours.time_s):
            self._sync(told)


def _stat(report: Pdu) -> int:
    """Return which counter of usmStats a report holds; 0 for another."""
    if report.tag != pdu.REPORT or not report.varbinds:
        return 0
    name = report.varbinds[0][0]
    return name[len(_STATS)] if name.startswith(_STATS) and len(name) > len(_STATS) else 0


def keys_at(ident: bytes, who: Credential) -> secure.Keys:
    """Return a user's keys at an engine."""
    auth, priv = who.auth, who.priv
    password, hidden = octets(who.auth_password), octets(who.priv_password)
    return secure.Keys(
        octets(who.user),
        auth,
        usm.auth_key(auth, password, ident) if auth else b"",
        priv,
        usm.priv_key(auth, priv, hidden, ident) if priv else b"",
    )
