"""Passwords that we make: read off paper without a doubt, and typed back with any gaps."""

import secrets

# Nothing that looks like another (0 o, 1 l i, u v); 48 of 30 are 235 bits.
ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_LENGTH = 48


def new_password() -> str:
    """Return a random password that can be read off paper without a doubt."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def typed(text: str) -> str:
    """Return a password as it was typed off a sheet: gaps count only where they belong to it."""
    packed = "".join(text.split())
    return packed if set(packed) <= set(ALPHABET) else text.rstrip("\r\n")
