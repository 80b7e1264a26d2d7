"""A TLS certificate: whose, by whom, until when, which key. Reads no more than the leaf.

Source: RFC 5280. Factory certificates name the box: Fortinet's CN is the serial number.
"""

import hashlib
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msptool.audit.probes.probe import Probe, Shield, Talk, listed, told

if TYPE_CHECKING:
    from cryptography import x509

# A certificate of more names belongs to a shop of them; real ones stay far below 16 KiB.
LARGEST_BYTES = 64 * 1024


def talk(host: str) -> Talk:
    """Shake hands, no more."""
    yield Shield()


def parse(der: bytes) -> Mapping[str, str]:
    """Return what a DER certificate says; {} where it is none."""
    from cryptography import x509

    if len(der) > LARGEST_BYTES:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a negative serial only warns
            return _read(x509.load_der_x509_certificate(der), der)
    except (ValueError, TypeError, x509.InvalidVersion):
        return {}


def _read(read: "x509.Certificate", der: bytes) -> Mapping[str, str]:
    from cryptography.x509.oid import NameOID

    common = [a.value for a in read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    makers = [a.value for a in read.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    issuers = [a.value for a in read.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    return told(
        "tls",
        cn=_first(common),
        organisation=_first(makers),
        issuer_organisation=_first(issuers),
        subject=read.subject.rfc4514_string(),
        issuer=read.issuer.rfc4514_string(),
        san=listed(_names(read)),
        not_before=read.not_valid_before_utc.isoformat(),
        not_after=read.not_valid_after_utc.isoformat(),
        serial=f"{read.serial_number:x}",
        sha256=hashlib.sha256(der).hexdigest(),
        key_sha256=_key(read),
    )


def _first(values: Iterable[str | bytes]) -> str | bytes:
    return next(iter(values), "")


def _names(read: "x509.Certificate") -> list[str]:
    """Return the alternative names: of hosts, addresses, links; none where they cannot be read."""
    from cryptography import x509

    try:
        held = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError, TypeError):
        return []
    kinds = (x509.DNSName, x509.IPAddress, x509.UniformResourceIdentifier)
    return [str(name.value) for name in held if isinstance(name, kinds)]


def _key(read: "x509.Certificate") -> str:
    """SHA-256 of the SubjectPublicKeyInfo: it outlives renewals, and clones share it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        spki = read.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    return hashlib.sha256(spki).hexdigest()


PROBE = Probe("tls", parse, talk)
