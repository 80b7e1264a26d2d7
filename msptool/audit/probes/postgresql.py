"""PostgreSQL: does it offer TLS, and by which certificate. No login, no entry in its log.

Source: PostgreSQL manual, 55.2.11 (SSLRequest): one byte answers, S or N; or an old server's error.
"""

from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Shield, Talk, told

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")


def talk(host: str) -> Talk:
    """Ask for TLS; where it is granted, look at the certificate."""
    if (yield Ask(_SSL_REQUEST, bool)) == b"S":
        yield Shield()


def parse(said: bytes) -> Mapping[str, str]:
    """One byte and no more: a talker of another protocol says more."""
    return (
        told("postgresql", tls={b"S": "offered", b"N": "none"}[said])
        if said in (b"S", b"N")
        else {}
    )


PROBE = Probe("postgresql", parse, talk)
