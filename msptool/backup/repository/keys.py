"""The keys of a repository: each is a password that opens it. restic shows and makes them; we
never remove the one in use, nor the last.
"""

import re
from dataclasses import dataclass

import msgspec

from msptool.backup.repository import locks, restic
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Access
from msptool.errors import UsageError
from msptool.process import SecretFile, Word


class Key(msgspec.Struct, frozen=True, rename="camel"):
    """A key as `key list` tells it; `current` is the one that opened the repository just now."""

    current: bool
    id: str
    user_name: str = ""
    host_name: str = ""
    created: str = ""


@dataclass(frozen=True)
class Keys:
    """All keys of a repository; `outcome` says why they could not be listed."""

    keys: tuple[Key, ...]
    outcome: Outcome


def list_argv(access: Access) -> list[Word]:
    """Return the call that lists the keys."""
    return _argv(access, "list")


def add_argv(access: Access, password: SecretFile, user: str, host: str) -> list[Word]:
    """Return the call that makes a key of a new password, which stands in no word of it."""
    words = _argv(access, "add", f"--user={user}", f"--host={host}", "--new-password-file")
    words.insert(words.index("--"), password)
    return words


def remove_argv(access: Access, ident: str) -> list[Word]:
    """Return the call that takes a key away."""
    words = _argv(access, "remove")
    return [*words, ident]


def _argv(access: Access, verb: str, *flags: str) -> list[Word]:
    words = restic.argv(access, "key", *flags)
    return [*words[:2], verb, *words[2:]]


def parse(stdout: bytes) -> tuple[Key, ...]:
    """Return the keys; raise msgspec.DecodeError for anything else."""
    return msgspec.json.decode(stdout, type=tuple[Key, ...])


def listed(access: Access) -> Keys:
    """Return the keys of a repository."""
    done, outcome = locks.unlocking(access, list_argv(access))
    return Keys(parse(done.stdout) if outcome.verdict == "ok" else (), outcome)


def add(access: Access, password: str, user: str, host: str) -> Outcome:
    """Let a further password open the repository."""
    words = add_argv(access, SecretFile(password), user, host)
    return locks.unlocking(access, words)[1]


def removable(keys: tuple[Key, ...], ident: str) -> Key:
    """Return the one key that an id (4 digits or more of it) names; raise UsageError where there
    is none, or where it must stay.
    """
    found = [key for key in keys if re.fullmatch(r"[0-9a-f]{4,64}", ident)
             and (key.id.startswith(ident) or ident.startswith(key.id))]  # fmt: skip
    if len(found) != 1:
        raise UsageError(
            "key.unknown",
            f"{ident!r} names {len(found)} keys of this repository",
            hint="msptool backup key list",
        )
    if found[0].current or len(keys) == 1:
        raise UsageError(
            "key.in-use",
            f"key {found[0].id[:8]} is the one that opens the repository for the profile",
            hint="let the profile use another one first: msptool backup key add",
        )
    return found[0]


def remove(access: Access, key: Key) -> Outcome:
    """Take a key away: its password opens nothing any more."""
    return locks.unlocking(access, remove_argv(access, key.id))[1]
