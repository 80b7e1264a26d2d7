"""A certificate of its own for every host that speaks TLS."""

import ssl
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from msptool import clock
from tests.lab.audit.lan.truth import Host

_YEARS_2 = timedelta(days=730)


def context(host: Host, folder: Path) -> ssl.SSLContext | None:
    """Return a server's context as old devices have it; None where the host has no TLS."""
    if not any(service.tls or service.voice == "rdp" for service in host.services):
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.load_cert_chain(_pem(host, folder))
    return made


def _pem(host: Host, folder: Path) -> Path:
    """RSA, since nmap's own greeting offers no other."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, f"{host.name}.office.example"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Office"),
    ])  # fmt: skip
    begun_at = clock.now() - timedelta(days=30)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begun_at)
        .not_valid_after(begun_at + _YEARS_2)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host.name}.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path
