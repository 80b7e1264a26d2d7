"""A voice: what a service says first, and how it answers what it hears."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Words = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """An answer; afterwards the server may hang up, or go on behind TLS."""

    data: bytes = b""
    close: bool = False
    tls: bool = False


HANG_UP = Reply(close=True)
# What has been heard and not answered yet in, an answer out; None: wait for the rest.
Hear = Callable[[bytes], Reply | None]


@dataclass(frozen=True)
class Voice:
    """One connection's voice."""

    hear: Hear
    greeting: bytes = b""


def silent(said: bytes) -> Reply | None:
    """Never answer."""
    return None if said else HANG_UP
