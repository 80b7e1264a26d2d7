"""The key that signs: Ed25519, one a workspace, made on first use, never carried by git.

Its id is the SHA-256 of the 32 raw bytes of the public key (RFC 8032). The public key lies beside
the proofs for whoever checks them; who lost the private one gets a new one, and a new chain.
"""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msptool import files, secret
from msptool.errors import Place, UsageError
from msptool.workspace import Workspace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PRIVATE = "secrets/evidence.key"


@dataclass(frozen=True)
class Signer:
    """A private key, and the raw bytes of its public half."""

    private: "Ed25519PrivateKey" = field(repr=False)
    public: bytes

    @property
    def keyid(self) -> str:
        """The id of the key."""
        return keyid(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self.private.sign(message)


def keyid(public: bytes) -> str:
    """Return the id of a raw public key."""
    return hashlib.sha256(public).hexdigest()


def signer(workspace: Workspace) -> Signer:
    """Return the workspace's key, made if there is none; raise where others can read it.

    The caller holds the workspace.
    """
    found = _load(workspace) or _make(workspace)
    public = workspace.evidence / "public" / f"{found.keyid}.pem"
    if not public.exists():
        files.make_folder(public.parent)
        files.create(public, pem(found.public))
    return found


def ready(workspace: Workspace) -> None:
    """Raise now what signing would raise later; the caller holds the workspace."""
    signer(workspace)


def public_key(workspace: Workspace) -> bytes | None:
    """Return the raw public key with which the workspace signs; None before the first proof."""
    found = _load(workspace)
    return found.public if found else None


def _load(workspace: Workspace) -> Signer | None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = workspace.root / PRIVATE
    if not path.exists():
        return None
    told = secret.resolve(f"file:{PRIVATE}", workspace)
    try:
        private = load_pem_private_key(told.encode(errors="surrogateescape"), password=None)
    except (ValueError, TypeError) as error:
        raise _unusable(str(path)) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _unusable(str(path))
    return Signer(private, private.public_key().public_bytes_raw())


def _unusable(path: str) -> UsageError:
    return UsageError(
        "evidence.key",
        "this is not an Ed25519 key in PEM",
        place=Place(file=path),
        hint="restore it, or move it away: a new key begins a new chain, the old one still counts",
    )


def _make(workspace: Workspace) -> Signer:
    """Write a new key, unless another run was faster, and tell git to leave its folder alone."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = workspace.root / PRIVATE
    files.make_folder(path.parent)
    files.create(path.parent / ".gitignore", b"*\n")
    made = Ed25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    files.create(path, made)
    found = _load(workspace)
    if found is None:
        raise _unusable(str(path))
    return found


def pem(public: bytes) -> bytes:
    """Return a raw public key as openssl reads it."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def read_pem(data: bytes) -> bytes:
    """Return the raw public key in PEM; raise ValueError where there is none, or more than it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(data)
    except UnsupportedAlgorithm as error:
        raise ValueError("no Ed25519 key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("no Ed25519 key")
    return key.public_bytes_raw()


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature is by this key over this message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
