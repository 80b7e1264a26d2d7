"""Read a certificate's dates and names; untrusted DER, which may be refused."""

import hashlib
import warnings

from msptool.audit.asset import Certificate


def parse(der: bytes, *, port: int, evidence: str = "") -> Certificate:
    """Return what a DER certificate says; `error` where it cannot be read (never a pass)."""
    from cryptography import x509

    digest = hashlib.sha256(der).hexdigest()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a negative serial only warns; it is still readable
            read = x509.load_der_x509_certificate(der)
            return Certificate(
                port=port,
                subject=read.subject.rfc4514_string(),
                issuer=read.issuer.rfc4514_string(),
                not_before=read.not_valid_before_utc,
                not_after=read.not_valid_after_utc,
                sha256=digest,
                evidence=evidence,
            )
    except (ValueError, TypeError, x509.InvalidVersion) as error:
        return Certificate(port=port, sha256=digest, error=type(error).__name__, evidence=evidence)
