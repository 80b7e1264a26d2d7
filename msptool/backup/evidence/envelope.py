"""DSSE: the envelope round a statement (github.com/secure-systems-lab/dsse, protocol.md).

Of each statement there is exactly one envelope: reading writes it anew from what was read, so
that white space, another order, loose bits of base64, a second signature or trailing bytes show.
"""

import base64
from dataclasses import dataclass

import msgspec
from msgspec import Struct

PAYLOAD_TYPE = "application/vnd.in-toto+json"
_TAIL = b'"}]}\n'
_HEAD = f'{{"payloadType":"{PAYLOAD_TYPE}","payload":"'.encode()


class _Signature(Struct, frozen=True):
    keyid: str
    sig: str


class _Envelope(Struct, frozen=True, rename={"payload_type": "payloadType"}):
    payload_type: str
    payload: str
    signatures: tuple[_Signature, ...]


@dataclass(frozen=True)
class Opened:
    """What an envelope holds. `first` to before `last`: where in the file payload, key and
    signature stand.
    """

    payload: bytes
    keyid: str
    signature: bytes
    first: int
    last: int


class NotCanonicalError(ValueError):
    """Bytes that are no envelope of ours: `first` to before `last` of them (0 is the first)."""

    def __init__(self, message: str, first: int, last: int) -> None:
        super().__init__(message)
        self.first, self.last = first, last


def signed_bytes(payload: bytes) -> bytes:
    """Return what the signature is over: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (
        len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload,
    )  # fmt: skip


def seal(payload: bytes, keyid: str, signature: bytes) -> bytes:
    """Return the bytes of an envelope, ended by a line break."""
    signed = _Signature(keyid, _base64(signature))
    return msgspec.json.encode(_Envelope(PAYLOAD_TYPE, _base64(payload), (signed,))) + b"\n"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def open_(data: bytes) -> Opened:
    """Return what is in an envelope, its signature not yet checked; raise NotCanonicalError."""
    try:
        told = msgspec.json.decode(data, type=_Envelope)
        signed = told.signatures[0]
        payload, signature = base64.b64decode(told.payload), base64.b64decode(signed.sig)
    except (ValueError, IndexError, RecursionError) as error:
        raise NotCanonicalError("no envelope can be read", 0, len(data)) from error
    ours = seal(payload, signed.keyid, signature)
    if ours != data:
        raise NotCanonicalError("more or other bytes than what they say", *_differing(data, ours))
    return Opened(payload, signed.keyid, signature, len(_HEAD), len(data) - len(_TAIL))


def _differing(data: bytes, ours: bytes) -> tuple[int, int]:
    """Return the range of `data` that is not as in `ours`, never an empty one."""
    shorter = min(len(data), len(ours))
    first = next((n for n in range(shorter) if data[n] != ours[n]), shorter)
    same = next(
        (n for n in range(shorter - first) if data[-1 - n] != ours[-1 - n]), shorter - first
    )
    return first, max(len(data) - same, first + 1)
