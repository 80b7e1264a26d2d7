"""Certificates and keys: each can be read, and a key belongs to the certificate beside it.

Whether a certificate is still valid is another's business. A key that is locked with a password
is looked at from outside only.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    load_pem_public_key,
    load_ssh_private_key,
)

from msptool.backup import words
from msptool.backup.probes.cell import Limits, Told
from msptool.backup.probes.kinds import PROBES, Candidate, Probe, Subject

_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n")
_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der", ".key"})
_DER = b"\x30\x82"
_MOST_BYTES = 4 << 20
_LOCKED = b"ENCRYPTED"


class Public(Protocol):
    """A public key, as `cryptography` has it."""

    def public_bytes(self, encoding: Encoding, format: PublicFormat) -> bytes:  # noqa: A002
        """Return it in a form that can be compared."""


class Private(Protocol):
    """A private key."""

    def public_key(self) -> Public:
        """Return its public half."""


class Broken(Exception):  # noqa: N818 - it is an answer, not a fault
    """It cannot be read."""


def fits(candidate: Candidate) -> bool:
    """Tell a certificate or a key by its name and its beginning: text may quote one."""
    if candidate.suffix not in _SUFFIXES or candidate.size_bytes > _MOST_BYTES:
        return False
    return bool(_BEGIN.search(candidate.head)) or candidate.head.startswith(_DER)


def beside(name: str) -> tuple[str, ...]:
    """Return the names under which a key's certificate lies beside it."""
    stem = name.rpartition(".")[0]
    if name.endswith(".key"):
        return (f"{stem}.crt", f"{stem}.pem", f"{stem}.cer")
    for mark in ("privkey", "key"):
        if stem == mark or stem.endswith(("-" + mark, "_" + mark, "." + mark)):
            front = stem.removesuffix(mark)
            plain = (f"{front[:-1]}.pem",) if front else ()
            return (f"{front}fullchain.pem", f"{front}cert.pem", *plain)
    return ()


def look(subject: Subject) -> Told:
    """Read all that is in a file; hold its key against the certificates there and beside it."""
    try:
        keys, certificates = read(subject.path.read_bytes())
        others = [_public(path) for path in subject.paths[1:] if path.exists()]
    except Broken as error:
        return Told("bad-content", words.CERT_BROKEN, str(error))
    known = [*([certificates] if certificates else []), *(other for other in others if other)]
    if keys and known and not any(set(keys) & set(group) for group in known):
        return Told("bad-content", words.CERT_OTHER_KEY)
    return Told("ok")


def _public(path: Path) -> list[bytes]:
    """Return the keys of the certificates beside; a broken one is found when it is looked at."""
    try:
        return read(path.read_bytes())[1]
    except Broken:
        return []


def read(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the public halves of the keys in a file, and of its certificates; raise Broken."""
    keys: list[bytes] = []
    certificates: list[bytes] = []
    for kind, block in _blocks(data):
        loaded = _loaded(kind, block)
        if isinstance(loaded, x509.Certificate):
            certificates.append(_spki(loaded.public_key()))
        elif loaded is not None:
            keys.append(_spki(loaded))
    return keys, certificates


def _spki(public: Public) -> bytes:
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _blocks(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each PEM block and its label (RFC 7468), or the whole of a DER file."""
    if data.startswith(_DER):
        yield "", data
        return
    for begin in _BEGIN.finditer(data):
        mark = b"-----END %s-----" % begin[1]
        end = data.find(mark, begin.end())
        if end < 0 or b"-----BEGIN " in data[begin.end() : end]:
            raise Broken(f"{begin[1].decode()} without its end")
        yield begin[1].decode(), data[begin.start() : end + len(mark)] + b"\n"


def _loaded(kind: str, block: bytes) -> "x509.Certificate | Public | None":
    """Return a certificate, or the public half of a key; None of what has neither."""
    if not kind:
        return _der(block)
    if _LOCKED in block[:200] or kind not in _LOADERS:
        _check_base64(block)
        return None
    try:
        return _LOADERS[kind](block)
    except TypeError:  # it wants a password
        return None
    except UnsupportedAlgorithm:
        return None
    except ValueError as error:
        if "password" in str(error):
            return None
        raise Broken(f"{kind}: {error}") from error


def _der(data: bytes) -> "x509.Certificate | Public | None":
    if len(data) < 4 + int.from_bytes(data[2:4], "big"):
        raise Broken("it ends too early")
    try:
        return x509.load_der_x509_certificate(data)
    except ValueError as not_one:
        try:
            return _half(load_der_private_key(data, None))
        except TypeError:
            return None
        except (ValueError, UnsupportedAlgorithm):
            raise Broken(str(not_one)) from not_one


def _half(key: Private) -> Public:
    return key.public_key()


def _check_base64(block: bytes) -> None:
    body = block.split(b"\n", 1)[1].rpartition(b"-----END")[0]
    body = body.rpartition(b"\r\n\r\n" if b"\r\n\r\n" in body else b"\n\n")[2]  # past its headers
    try:
        base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error as error:
        raise Broken(str(error)) from error


def _nothing(load: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def loaded(block: bytes) -> None:
        load(block)

    return loaded


_LOADERS: Mapping[str, Callable[[bytes], "x509.Certificate | Public | None"]] = {
    "CERTIFICATE": x509.load_pem_x509_certificate,
    "PRIVATE KEY": lambda block: _half(load_pem_private_key(block, None)),
    "RSA PRIVATE KEY": lambda block: _half(load_pem_private_key(block, None)),
    "EC PRIVATE KEY": lambda block: _half(load_pem_private_key(block, None)),
    "OPENSSH PRIVATE KEY": lambda block: _half(load_ssh_private_key(block, None)),
    "CERTIFICATE REQUEST": _nothing(x509.load_pem_x509_csr),
    "X509 CRL": _nothing(x509.load_pem_x509_crl),
    "PUBLIC KEY": _nothing(load_pem_public_key),
}


def _limits(_size_bytes: int) -> Limits:
    return Limits(wall_s=30, cpu_s=30, shared=True)


PROBES.add("certificate")(Probe(40, fits, look, _limits, beside))
