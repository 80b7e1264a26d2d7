"""SSH: the software, the algorithms, and the host key by one key exchange, left before any login.

The exchange is broken off after the server's reply, so our half of it needs no secret: it is a
constant of its group. Sources: RFC 4253 4.2, 6, 7.1, 8; RFC 8731; RFC 5656; RFC 8268.
"""

import base64
import hashlib
import re
import struct
from collections.abc import Callable, Iterator, Mapping

from msptool.audit.probes.probe import Ask, Probe, Talk, listed, text, told

_KEXINIT, _INIT, _REPLY = 20, 30, 31
_LISTS = ("kex", "key-algorithms", "ciphers", "", "macs", "", "compression")
_LARGEST_PACKET = 35000  # RFC 4253, 6.1
_ID = b"SSH-2.0-msptool\r\n"

# RFC 3526, 3: group 14; RFC 2409, 6.2: the second Oakley group, all that old devices know.
_GROUP_14 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22"
    "514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6"
    "F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3D"
    "C2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E8603"
    "9B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)
_GROUP_1 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22"
    "514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6"
    "F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381"
    "FFFFFFFFFFFFFFFF",
    16,
)
# SEC 2, 2.4.2: the base point of P-256, uncompressed.
_P256_BASE = bytes.fromhex(
    "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
)
_X25519_BASE = bytes([9, *bytes(31)])  # RFC 7748, 4.1
_EXPONENT = int.from_bytes(b"an exponent which is no secret..", "big")


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _mpint(number: int) -> bytes:
    return _string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


# By preference; group 1 and SHA-1 only so that old devices have a key to show.
_OURS: Mapping[str, Callable[[], bytes]] = {
    "curve25519-sha256": lambda: _string(_X25519_BASE),
    "curve25519-sha256@libssh.org": lambda: _string(_X25519_BASE),
    "ecdh-sha2-nistp256": lambda: _string(_P256_BASE),
    "diffie-hellman-group14-sha256": lambda: _mpint(pow(2, _EXPONENT, _GROUP_14)),
    "diffie-hellman-group14-sha1": lambda: _mpint(pow(2, _EXPONENT, _GROUP_14)),
    "diffie-hellman-group1-sha1": lambda: _mpint(pow(2, _EXPONENT, _GROUP_1)),
}


def talk(host: str) -> Talk:
    """Greet; take the server's own lists for ours, so that we agree; ask for its key."""
    said = yield Ask(_ID, _has(_KEXINIT))
    theirs = _lists(said)
    kex = next((name for name in _OURS if name in theirs.get("kex", ())), None)
    if kex is None:
        return
    yield Ask(_packet(_kexinit(said, kex)) + _packet(bytes([_INIT]) + _OURS[kex]()), _has(_REPLY))


def _packet(payload: bytes) -> bytes:
    """A packet before any key: padded to eight bytes, at least four of padding."""
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


def _kexinit(said: bytes, kex: str) -> bytes:
    """Our KEXINIT: the lists of theirs, but for the one key exchange that we shall do."""
    theirs = next(p for p in _packets(said) if p[0] == _KEXINIT)
    lists = b"".join(_string(",".join(names).encode()) for names in _name_lists(theirs)[1:])
    return bytes([_KEXINIT]) + bytes(16) + _string(kex.encode()) + lists + bytes(5)


def _has(kind: int) -> Callable[[bytes], bool]:
    return lambda said: any(packet[0] == kind for packet in _packets(said))


def _packets(said: bytes) -> Iterator[bytes]:
    """Yield the whole payloads that follow the identification line."""
    banner = re.search(rb"^SSH-[^\n]{0,253}\n", said[:8192], re.MULTILINE)
    at = banner.end() if banner else len(said)
    while at + 5 <= len(said):
        size, padding = struct.unpack_from(">IB", said, at)
        if not 2 <= size <= _LARGEST_PACKET or padding + 1 >= size or at + 4 + size > len(said):
            return
        yield said[at + 5 : at + 4 + size - padding]
        at += 4 + size


def _name_lists(payload: bytes) -> list[list[str]]:
    """Return KEXINIT's ten lists; fewer where they are cut."""
    found: list[list[str]] = []
    at = 17
    while len(found) < 10 and at + 4 <= len(payload):
        size = int.from_bytes(payload[at : at + 4], "big")
        if at + 4 + size > len(payload):
            break
        names = payload[at + 4 : at + 4 + size].decode("ascii", "replace").split(",")
        found.append([name for name in names if name])
        at += 4 + size
    return found


def _lists(said: bytes) -> Mapping[str, list[str]]:
    payload = next((p for p in _packets(said) if p[0] == _KEXINIT), b"")
    found = _name_lists(payload)
    return dict(zip(_LISTS, found, strict=False)) if len(found) == 10 else {}


def parse(said: bytes) -> Mapping[str, str]:
    """Return the banner's parts, the algorithms, and the host key's type and SHA-256."""
    banner = re.search(rb"^SSH-(\d[\w.]{0,9})-([^\r\n]{0,253})\r?\n", said[:8192], re.MULTILINE)
    if banner is None:
        return {}
    software, _, comment = text(banner[2]).partition(" ")
    product, _, version = software.partition("_")
    values = told(
        "ssh", banner=banner[0], ssh=banner[1], product=product, version=version, comment=comment
    )
    for name, names in _lists(said).items():
        if name and names:
            values[name] = listed(names)
    return {**values, **_key(said)}


def _key(said: bytes) -> Mapping[str, str]:
    """The first string of the reply is the key; its own first string is the key's type."""
    reply = next((p for p in _packets(said) if p[0] == _REPLY), b"")
    size = int.from_bytes(reply[1:5], "big")
    blob = reply[5 : 5 + size]
    kind = blob[4 : 4 + int.from_bytes(blob[:4], "big")]
    if not 0 < size == len(blob) or not re.fullmatch(rb"[\w@.+-]{3,64}", kind):
        return {}
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return {"key-type": kind.decode(), "key-sha256": f"SHA256:{digest}"}


PROBE = Probe("ssh", parse, talk)
