"""The user-based security model: keys from passwords, digests, ciphers. Pure.

RFC 3414 (MD5, SHA-1, DES), RFC 7860 (SHA-2), RFC 3826 (AES-128). AES-192 and AES-256 are of no
RFC: draft-blumenthal-aes-usm-04 extends the key by hashing it (net-snmp and most others),
draft-reeder-snmpv3-usm-3desede-00 by a second run of the password's way (Cisco, "-C").
"""

import functools
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

AuthName: TypeAlias = Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]
PrivName: TypeAlias = Literal["DES", "AES", "AES-192", "AES-256", "AES-192-C", "AES-256-C"]
AUTHS: tuple[AuthName, ...] = get_args(AuthName)
PRIVS: tuple[PrivName, ...] = get_args(PrivName)
_STRETCHED = 1 << 20  # octets of repeated password that are hashed (RFC 3414, A.2)
_SALTS = 1 << 64


@dataclass(frozen=True, slots=True)
class Digest:
    """A hash and how many octets of its HMAC travel."""

    name: str
    sent: int


DIGESTS: Mapping[str, Digest] = {
    "MD5": Digest("md5", 12), "SHA": Digest("sha1", 12),
    "SHA-224": Digest("sha224", 16), "SHA-256": Digest("sha256", 24),
    "SHA-384": Digest("sha384", 32), "SHA-512": Digest("sha512", 48),
}  # fmt: skip
KEY_SIZES: Mapping[str, int] = {
    "DES": 16, "AES": 16, "AES-192": 24, "AES-256": 32, "AES-192-C": 24, "AES-256-C": 32,
}  # fmt: skip


class Undecryptable(ValueError):
    """Octets that no key turns into a message."""


@functools.lru_cache(maxsize=64)
def stretched(auth: str, password: bytes) -> bytes:
    """Return the user's key Ku of a password that is not empty (RFC 3414, A.2): a megabyte hashed,
    so it is kept.
    """
    whole = password * (_STRETCHED // len(password) + 1)
    return hashlib.new(DIGESTS[auth].name, whole[:_STRETCHED], usedforsecurity=False).digest()


def localised(auth: str, key: bytes, engine_id: bytes) -> bytes:
    """Return the user's key at one engine, Kul (RFC 3414, 2.6)."""
    return hashlib.new(DIGESTS[auth].name, key + engine_id + key, usedforsecurity=False).digest()


def auth_key(auth: str, password: bytes, engine_id: bytes) -> bytes:
    """Return the key for digests at one engine."""
    return localised(auth, stretched(auth, password), engine_id)


def priv_key(auth: str, priv: str, password: bytes, engine_id: bytes) -> bytes:
    """Return the key for a cipher at one engine, as long as the cipher needs it."""
    key = auth_key(auth, password, engine_id)
    size = KEY_SIZES[priv]
    last = key
    while len(key) < size:
        if priv.endswith("-C"):
            # Each its own, never kept: what is hashed here is a key, not a password.
            last = localised(auth, stretched.__wrapped__(auth, last), engine_id)
            key += last
        else:
            key += hashlib.new(DIGESTS[auth].name, key, usedforsecurity=False).digest()
    return key[:size]


def digest(auth: str, key: bytes, message: bytes) -> bytes:
    """Return the octets that vouch for a message in which their own place holds zeros."""
    kind = DIGESTS[auth]
    return hmac.digest(key, message, kind.name)[: kind.sent]


def encrypt(
    priv: str, key: bytes, when: tuple[int, int], salt: int, data: bytes
) -> tuple[bytes, bytes]:
    """Return (privacy parameters, cipher text); `when` is the engine's (boots, seconds), `salt`
    must be another for each message.
    """
    if priv == "DES":
        sent = _four(when[0]) + _four(salt)
        return sent, _run(_des(key, sent).encryptor(), data + bytes(-len(data) % 8))
    sent = (salt % _SALTS).to_bytes(8, "big")
    return sent, _run(_aes(key, when, sent).encryptor(), data)


def decrypt(priv: str, key: bytes, when: tuple[int, int], sent: bytes, data: bytes) -> bytes:
    """Return the plain text; raise Undecryptable. A wrong key gives noise, not an error."""
    if len(sent) != 8 or (priv == "DES" and (len(data) % 8 or not data)):
        raise Undecryptable("salt or length")
    cipher = _des(key, sent) if priv == "DES" else _aes(key, when, sent)
    return _run(cipher.decryptor(), data)


def _run(context: Any, data: bytes) -> bytes:
    found: bytes = context.update(data) + context.finalize()
    return found


def _four(number: int) -> bytes:
    return (number & 0xFFFF_FFFF).to_bytes(4, "big")


def _des(key: bytes, sent: bytes) -> Any:
    """DES in CBC mode (RFC 3414, 8.1.1): three times the same key is single DES."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    begin = bytes(a ^ b for a, b in zip(key[8:16], sent, strict=True))
    return Cipher(TripleDES(key[:8] * 3), modes.CBC(begin))


def _aes(key: bytes, when: tuple[int, int], sent: bytes) -> Any:
    """AES in CFB mode with 128 bits (RFC 3826, 3.1.2)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

    return Cipher(algorithms.AES(key), _cfb()(_four(when[0]) + _four(when[1]) + sent))


@functools.cache
def _cfb() -> Any:
    """Return CFB mode, from where this version of cryptography keeps it."""
    try:
        from cryptography.hazmat.decrepit.ciphers.modes import CFB
    except ImportError:  # before 47
        from cryptography.hazmat.primitives.ciphers.modes import CFB
    return CFB
