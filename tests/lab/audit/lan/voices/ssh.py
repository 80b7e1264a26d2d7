"""An SSH server up to its host key: version, algorithms, one key exchange (RFC 4253, 8731)."""

import hashlib
import os
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.lab.audit.lan.voices.reply import HANG_UP, Reply, Voice, Words

_LISTS = (
    "curve25519-sha256,curve25519-sha256@libssh.org", "ssh-ed25519",
    *("chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-ctr",) * 2,
    *("hmac-sha2-256-etm@openssh.com,hmac-sha2-256",) * 2, *("none,zlib@openssh.com",) * 2, "", "",
)  # fmt: skip
_NONE = b"Invalid SSH identification string.\r\n"


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _packet(payload: bytes) -> bytes:
    pad = 8 - (len(payload) + 5) % 8
    pad += 8 if pad < 4 else 0
    return struct.pack(">IB", len(payload) + pad + 1, pad) + payload + bytes(pad)


@dataclass
class _Exchange:
    """What both sides have said, for the hash that the host key signs."""

    ours: bytes
    key: Ed25519PrivateKey
    offer: bytes = b""
    theirs: bytes = b""
    their_offer: bytes = b""
    left: bytes = field(default=b"")

    def version(self, said: bytes) -> Reply | None:
        line, newline, self.left = said.partition(b"\n")
        if not newline:
            return None
        self.theirs = line.rstrip(b"\r")
        self.offer = b"\x14" + os.urandom(16) + b"".join(_text(x.encode()) for x in _LISTS)
        self.offer += bytes(5)
        return Reply(_packet(self.offer) + self._packets())

    def more(self, said: bytes) -> Reply:
        self.left += said
        return Reply(self._packets())

    def _packets(self) -> bytes:
        told = b""
        while len(self.left) >= 6:
            length, pad = struct.unpack_from(">IB", self.left)
            if length > 35000 or len(self.left) < 4 + length:
                break
            payload, self.left = self.left[5 : 4 + length - pad], self.left[4 + length :]
            if payload[:1] == b"\x14":
                self.their_offer = payload
            elif payload[:1] == b"\x1e" and len(payload) == 37:
                told += self._reply(payload[5:])
        return told

    def _reply(self, point: bytes) -> bytes:
        own = X25519PrivateKey.generate()
        public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        shared = own.exchange(X25519PublicKey.from_public_bytes(point)).lstrip(b"\0")
        shared = b"\0" + shared if shared[0] & 0x80 else shared
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        blob = _text(b"ssh-ed25519") + _text(raw)
        hashed = b"".join(map(_text, (self.theirs, self.ours, self.their_offer, self.offer, blob,
                                      point, public, shared)))  # fmt: skip
        signed = self.key.sign(hashlib.sha256(hashed).digest())
        signature = _text(b"ssh-ed25519") + _text(signed)
        return _packet(b"\x1f" + _text(blob) + _text(public) + _text(signature)) + _packet(b"\x15")


def ssh(words: Words) -> Voice:
    """Return a server whose host key hangs on its host's address."""
    ours = f"SSH-2.0-{words['software']}".encode()
    seed = hashlib.sha256(words.get("address", "").encode()).digest()
    exchange = _Exchange(ours, Ed25519PrivateKey.from_private_bytes(seed))

    def hear(said: bytes) -> Reply | None:
        if exchange.theirs:
            return exchange.more(said)
        if said.startswith(b"SSH-"):
            return exchange.version(said)
        return HANG_UP if said[:4] == b"SSH-"[: len(said)] else Reply(_NONE, close=True)

    return Voice(hear, ours + b"\r\n")
