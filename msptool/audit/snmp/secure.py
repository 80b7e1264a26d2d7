"""Messages of SNMP v3 (RFC 3412, 6; RFC 3414, 2.4): what is outside, what vouches, what is hidden.
Pure: a message and the keys of a user at one engine in, octets out, and back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msptool.audit.snmp import ber, pdu, usm
from msptool.audit.snmp.ber import Malformed, Reader
from msptool.audit.snmp.pdu import Kind, Pdu

_AUTH, _PRIV, _REPORTABLE = 1, 2, 4
_USM = 3
MOST_BYTES = 65_507  # what we can take: a whole UDP datagram
_V3 = 3


class Unauthentic(Exception):  # noqa: N818 - what a message is, not a fault of ours
    """The digest is not the one that this user's key gives."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A user at one engine: names of the methods, "" for none, and the localised keys."""

    user: bytes = b""
    auth: str = ""
    auth_key: bytes = b""
    priv: str = ""
    priv_key: bytes = b""

    @property
    def flags(self) -> int:
        """Return the security level as it stands in a message."""
        return (_AUTH if self.auth else 0) | (_PRIV if self.priv else 0)


NOBODY = Keys()


@dataclass(frozen=True, slots=True)
class Engine:
    """Whom we speak to (RFC 3414, 2.2): its id, how often it booted, seconds since."""

    ident: bytes = b""
    boots: int = 0
    time_s: int = 0


@dataclass(frozen=True, slots=True)
class Outer:
    """The outside of a message: enough to tell whose it is; nothing of it is vouched for yet."""

    message_id: int
    flags: int
    engine: Engine
    user: bytes
    digest: bytes
    digest_at: int
    salt: bytes
    scoped: Reader


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question holds beside the user's secrets. `salt`: another for each message."""

    kind: Kind
    message_id: int
    oids: Sequence[bytes]
    rows: int = 0
    salt: int = 0
    context: bytes = b""


def question(asked: Asked, engine: Engine, keys: Keys) -> bytes:
    """Return a datagram that asks."""
    scoped = ber.sequence(
        ber.octets(engine.ident),
        ber.octets(asked.context),
        pdu.question(asked.kind, asked.message_id, asked.oids, asked.rows),
    )
    return sealed(scoped, asked.message_id, asked.salt, engine, keys, reportable=True)


def sealed(  # noqa: PLR0917 - the fields of a message
    scoped: bytes, message_id: int, salt: int, engine: Engine, keys: Keys, *, reportable: bool
) -> bytes:
    """Return a message around a scoped PDU, encrypted and vouched for as the keys allow."""
    sent = b""
    if keys.priv:
        sent, hidden = usm.encrypt(
            keys.priv, keys.priv_key, (engine.boots, engine.time_s), salt, scoped
        )
        scoped = ber.octets(hidden)
    head = ber.sequence(
        ber.integer(message_id),
        ber.integer(MOST_BYTES),
        ber.octets(bytes([keys.flags | (_REPORTABLE if reportable else 0)])),
        ber.integer(_USM),
    )
    blank = bytes(usm.DIGESTS[keys.auth].sent) if keys.auth else b""

    def whole(vouched: bytes) -> bytes:
        security = ber.sequence(
            ber.octets(engine.ident),
            ber.integer(engine.boots),
            ber.integer(engine.time_s),
            ber.octets(keys.user),
            ber.octets(vouched),
            ber.octets(sent),
        )
        return ber.sequence(ber.integer(_V3), head, ber.octets(security), scoped)

    if not keys.auth:
        return whole(b"")
    return whole(usm.digest(keys.auth, keys.auth_key, whole(blank)))


def outer(data: bytes) -> Outer:
    """Read the outside of a message; raise Malformed."""
    message = Reader(data).inside()
    if message.integer() != _V3:
        raise Malformed("not version 3")
    head = message.inside()
    message_id, _, flags, model = head.integer(), head.integer(), head.octets(), head.integer()
    if model != _USM or len(flags) != 1:
        raise Malformed("another security model")
    security = message.octets()
    begin = message.at - len(security)
    inside = Reader(security).inside()
    engine = Engine(inside.octets(), inside.integer(), inside.integer())
    user, digest = inside.octets(), inside.octets()
    place = begin + inside.at - len(digest)
    return Outer(message_id, flags[0] & 3, engine, user, digest, place, inside.octets(), message)


def opened(data: bytes, seen: Outer, keys: Keys) -> Pdu:
    """Return the PDU of a message, vouched for and decrypted as its own flags say; the caller
    compares those with what was asked. Raises Unauthentic, Malformed.
    """
    if seen.flags & _AUTH:
        _verify(data, seen, keys)
    scoped = seen.scoped
    if seen.flags & _PRIV:
        scoped = _decrypted(seen, keys)
    inside = scoped.inside()
    inside.octets(), inside.octets()  # context: ours was asked for, whatever it is called there
    return pdu.read(inside)


def _verify(data: bytes, seen: Outer, keys: Keys) -> None:
    import hmac

    kind = usm.DIGESTS.get(keys.auth)
    if kind is None or len(seen.digest) != kind.sent or seen.user != keys.user:
        raise Unauthentic("no digest of this user")
    end = seen.digest_at + kind.sent
    blank = data[: seen.digest_at] + bytes(kind.sent) + data[end:]
    if not hmac.compare_digest(usm.digest(keys.auth, keys.auth_key, blank), seen.digest):
        raise Unauthentic("wrong digest")


def _decrypted(seen: Outer, keys: Keys) -> Reader:
    if not keys.priv:
        raise Malformed("encrypted, and nobody asked for that")
    hidden = seen.scoped.octets()
    try:
        shown = usm.decrypt(
            keys.priv, keys.priv_key, (seen.engine.boots, seen.engine.time_s), seen.salt, hidden
        )
    except usm.Undecryptable as error:
        raise Malformed(str(error)) from error
    return Reader(shown)


def discovery(message_id: int) -> bytes:
    """Return the question that asks an engine for its id, boots and time (RFC 3414, 4)."""
    return question(Asked("get", message_id, ()), Engine(), NOBODY)
