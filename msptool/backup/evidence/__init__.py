"""Signed, hash-chained proof of restore tests, which a third party can check without trusting us.

A statement (in-toto Statement v1) in an envelope (DSSE, Ed25519) is one file,
`evidence/JOB/KEYID8/000001.json`; each names the SHA-256 of the one before it. A workspace signs
with a key of its own, so that two laptops make two chains and git has nothing to merge.
"""

from msptool.backup.evidence.bundle import export
from msptool.backup.evidence.chain import Head, append, facts, head
from msptool.backup.evidence.check import verify
from msptool.backup.evidence.key import public_key, ready
from msptool.backup.evidence.statement import Predicate, artifact, material

__all__ = [
    "Head",
    "Predicate",
    "append",
    "artifact",
    "export",
    "facts",
    "head",
    "material",
    "public_key",
    "ready",
    "verify",
]
