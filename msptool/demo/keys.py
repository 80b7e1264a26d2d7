"""Keys and certificates that stay with the seed: a restarted site keeps its identity."""

from typing import TYPE_CHECKING

from msptool.demo.blueprint import Certificate

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

# The order of NIST P-256 (FIPS 186-5): a private key lies between 1 and it.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def ssh_private(seed: bytes) -> str:
    """Return the Ed25519 key of 32 bytes, as ssh reads it."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()
    ).decode()


def ssh_public(seed: bytes) -> str:
    """Return the public half as a line of authorized_keys or known_hosts."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return key.public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH).decode()


def tls_private(certificate: Certificate) -> str:
    """Return the certificate's P-256 key as PEM."""
    from cryptography.hazmat.primitives import serialization as form

    return (
        _tls_key(certificate)
        .private_bytes(
            form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
        )
        .decode()
    )


def tls_certificate(certificate: Certificate) -> str:
    """Return the self-signed certificate as PEM; the same bytes each time."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.x509.oid import NameOID

    key = _tls_key(certificate)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, certificate.common_name)])
    alternative = x509.SubjectAlternativeName([x509.DNSName(certificate.common_name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1 + int.from_bytes(certificate.key[:15]))
        .not_valid_before(certificate.not_before_at)
        .not_valid_after(certificate.not_after_at)
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return made.public_bytes(form.Encoding.PEM).decode()


def _tls_key(certificate: Certificate) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    number = 1 + int.from_bytes(certificate.key) % (_P256_ORDER - 1)
    return ec.derive_private_key(number, ec.SECP256R1())
