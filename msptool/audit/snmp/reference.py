"""The reference engine: pysnmp, complete and slow, for what the fast one is held against and for
orders that say `engine: pysnmp`. A session is a dispatcher (v1, v2c) or an engine (v3) of its own.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from msptool.audit.snmp import ber, pdu
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
from msptool.audit.snmp.pdu import Kind, Varbind

_REASONS = {
    "UnknownUserName": "wrong-user", "UnknownSecurityName": "wrong-user",
    "WrongDigest": "wrong-auth-key", "AuthenticationFailure": "wrong-auth-key",
    "DecryptionError": "wrong-privacy-key", "UnsupportedSecurityLevel": "unsupported-level",
    "NotInTimeWindow": "time-window",
}  # fmt: skip
_AUTHS = {
    "MD5": "HMACMD5", "SHA": "HMACSHA", "SHA-224": "HMAC128SHA224", "SHA-256": "HMAC192SHA256",
    "SHA-384": "HMAC256SHA384", "SHA-512": "HMAC384SHA512",
}  # fmt: skip
_PRIVS = {
    "DES": "DES", "AES": "AesCfb128", "AES-192": "AesBlumenthalCfb192",
    "AES-256": "AesBlumenthalCfb256", "AES-192-C": "AesCfb192", "AES-256-C": "AesCfb256",
}  # fmt: skip


def session(address: str, port: int, credential: Credential, pace: Pace) -> Session:
    """Open a session; nothing is sent yet. `credential.version` must be one."""
    if credential.version == "3":
        return Secure(address, port, credential, pace)
    return Plain(address, port, credential, pace)


class _Asker:
    """What both kinds share: repeating, and reading what pysnmp makes of an answer."""

    def __init__(self, address: str, port: int, credential: Credential, pace: Pace) -> None:
        self._where = (address, port)
        self._who = credential
        self._pace = pace

    async def ask(
        self, kind: Kind, oids: Sequence[bytes], rows: int, waits_s: Sequence[float]
    ) -> list[Varbind]:
        """See engine.Session."""
        _quiet()
        for wait_s in waits_s:
            await self._pace.turn()
            wanted = _wanted(oids)
            failed, status, index, found = await self._send(kind, wanted, rows, wait_s)
            reason = type(failed).__name__ if failed else ""
            if reason == "UnknownEngineID":
                raise Restarted
            if reason in _REASONS:
                raise Rejected(_REASONS[reason])
            if not reason:
                return _rows_of(int(status), int(index), found)
        return await self._silent(waits_s)

    async def _silent(self, _waits_s: Sequence[float]) -> list[Varbind]:
        raise Silent

    async def _send(self, kind: Kind, wanted: list[Any], rows: int, wait_s: float) -> Any:
        raise NotImplementedError

    async def _target(self, module: Any, wait_s: float) -> Any:
        """Return where to send, by a transport that takes what comes from there alone."""
        kind = module.Udp6TransportTarget if ":" in self._where[0] else module.UdpTransportTarget
        only = _from_peer(kind.PROTO_TRANSPORT, self._where)
        here: Any = type(kind.__name__, (kind,), {"PROTO_TRANSPORT": only})
        return await here.create(self._where, wait_s, 0)


class Plain(_Asker):
    """SNMP v1 and v2c."""

    async def _send(self, kind: Kind, wanted: list[Any], rows: int, wait_s: float) -> Any:
        from pysnmp.hlapi.v1arch import asyncio as snmp

        # As octets: pysnmp would write a text as Latin-1, and fail on any other letter.
        community = octets(self._who.community)
        model = 0 if self._who.version == "1" else 1
        who = snmp.CommunityData(community, mpModel=model)  # noqa: S508 - what is there
        call = {"bulk": snmp.bulk_cmd, "next": snmp.next_cmd, "get": snmp.get_cmd}[kind]
        counts = (0, rows) if kind == "bulk" else ()
        dispatcher = snmp.SnmpDispatcher()
        try:
            return await call(dispatcher, who, await self._target(snmp, wait_s), *counts, *wanted)
        finally:
            dispatcher.transport_dispatcher.close_dispatcher()

    def close(self) -> None:
        """See engine.Session."""


class Secure(_Asker):
    """SNMP v3. An engine is kept: it knows the agent's id and clock."""

    def __init__(self, address: str, port: int, credential: Credential, pace: Pace) -> None:
        super().__init__(address, port, credential, pace)
        self._engine: Any = None
        self._answered = False

    async def _send(self, kind: Kind, wanted: list[Any], rows: int, wait_s: float) -> Any:
        answer = await self._sent(kind, wanted, rows, wait_s, level=2)
        self._answered = self._answered or not answer[0]
        return answer

    async def _sent(  # noqa: PLR0917
        self, kind: Kind, wanted: list[Any], rows: int, wait_s: float, *, level: int
    ) -> Any:
        from pysnmp.entity.rfc3413 import cmdgen
        from pysnmp.hlapi.v3arch import asyncio as snmp
        from pysnmp.hlapi.v3arch.asyncio.lcd import CommandGeneratorLcdConfigurator

        self._engine = self._engine or snmp.SnmpEngine()
        who, context = _user(snmp, self._who, level), octets(self._who.context)
        where = await self._target(snmp, wait_s)
        lcd = CommandGeneratorLcdConfigurator()
        place, _ = lcd.configure(self._engine, who, where, context)
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        makers = {
            "get": cmdgen.GetCommandGenerator, "next": cmdgen.NextCommandGeneratorSingleRun,
            "bulk": cmdgen.BulkCommandGeneratorSingleRun,
        }  # fmt: skip
        counts = (0, rows) if kind == "bulk" else ()
        # Plain pairs, as decision 0008 says: the usual call would load MIB modules.
        makers[kind]().send_varbinds(
            self._engine, place, None, context, *counts, wanted, _finish, done
        )
        return await done

    async def _silent(self, waits_s: Sequence[float]) -> list[Varbind]:
        """Tell a wrong privacy key from silence: what is not encrypted is answered."""
        if self._who.priv and not self._answered:
            failed, *_ = await self._sent("get", _wanted(()), 0, waits_s[-1], level=1)
            if not failed or type(failed).__name__ == "UnsupportedSecurityLevel":
                raise Rejected("wrong-privacy-key")
        raise Silent

    def close(self) -> None:
        """See engine.Session."""
        if self._engine is not None:
            self._engine.close_dispatcher()
            self._engine = None


def _finish(_engine: Any, _handle: Any, *told: Any) -> None:
    *answer, done = told
    if not done.done():
        done.set_result(answer)


def _user(snmp: Any, who: Credential, level: int) -> Any:
    """Return the user as pysnmp knows one, up to a level: 1 vouched for, 2 encrypted too."""
    given: dict[str, Any] = {}
    if who.auth:
        given["authKey"] = octets(who.auth_password)
        given["authProtocol"] = getattr(snmp, f"usm{_AUTHS[who.auth]}AuthProtocol")
    if who.priv and level > 1:
        given["privKey"] = octets(who.priv_password)
        name = _PRIVS[who.priv]
        given["privProtocol"] = getattr(snmp, f"usm{name}{'Priv' if name == 'DES' else ''}Protocol")
    return snmp.UsmUserData(octets(who.user), **given)


def _wanted(oids: Sequence[bytes]) -> list[Any]:
    from pysnmp.proto.rfc1902 import Null, ObjectName

    return [(ObjectName(ber.arcs(one)), Null("")) for one in oids]


def _rows_of(status: int, index: int, found: Sequence[Any]) -> list[Varbind]:
    if status:
        word = pdu.STATUS[status] if status < len(pdu.STATUS) else f"error {status}"
        raise Refused(word, index)
    return [_octets(name, value) for name, value in found]


def _octets(name: Any, value: Any) -> Varbind:
    """Return a row as it came: pysnmp's values know how they are written."""
    from pyasn1.codec.ber import encoder

    _, begin, end = ber.element(named := encoder.encode(name), 0, len(named))
    whole = encoder.encode(value)
    tag, start, stop = ber.element(whole, 0, len(whole))
    return named[begin:end], tag, whole[start:stop]


def _from_peer(transport: Any, peer: tuple[str, int]) -> Any:
    """Return a transport that is deaf to other addresses: pysnmp's own believes everybody."""

    def datagram_received(self: Any, datagram: bytes, address: Any) -> None:
        if tuple(address[:2]) == peer:
            transport.datagram_received(self, datagram, address)

    return type(transport.__name__, (transport,), {"datagram_received": datagram_received})


def _quiet() -> None:
    """Keep what pysnmp raises on bad answers, in its callbacks, from stderr: they are lost there,
    and the question ends as silence.
    """
    handler: Callable[..., None] = lambda _loop, _context: None  # noqa: E731
    asyncio.get_running_loop().set_exception_handler(handler)
