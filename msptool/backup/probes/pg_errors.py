"""What PostgreSQL's complaints on loading a dump say of the dump. Pure; one table.

The messages are those of PostgreSQL 9.4 to 17 in English (the server is ours, its locale C).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ERROR = re.compile(r"^(?:psql|pg_restore).*?\b(?:error|ERROR|FATAL|PANIC):\s+(.*)$")
_NO_SUCH_ROLE = r'role "[^"]*" does not exist'
# Of our server, and not of the dump: roles of another cluster, what every database has, settings of
# other versions.
_OURS = re.compile(
    rf'{_NO_SUCH_ROLE}|role "[^"]*" already exists|database "(?:postgres|template1)" already exists'
    r'|schema "public" already exists|language "plpgsql" already exists'
    r'|extension "plpgsql" already exists|unrecognized configuration parameter'
    r"|current database cannot be dropped|invalid value for parameter \"lc_\w+\""
    r"|invalid command \\(?:un)?restrict"
    r'|tablespace "[^"]*" does not exist|directory "[^"]*" does not exist'
)
# Something that the dump relies on is not on this machine; what follows from that is no fault.
_LACKING = re.compile(
    r'extension "[^"]*" is not available|could not open extension control file'
    r'|extension "[^"]*" has no (?:installation|update)|could not access file "'
    r'|could not load library "|invalid (?:locale|LC_\w+) |locale provider|could not create locale'
    r'|collation "[^"]*" for encoding|could not find function "'
    r'|text search template "[^"]*" does not exist'
)
_FORMAT = re.compile(r"unsupported version \([\d.]+\) in file header")
# How pg_restore passes on what the server said.
_WRAPPED = re.compile(r"^could not execute query: (?:ERROR|FATAL):\s+(.*)$")


@dataclass(frozen=True)
class Complaints:
    """The complaints of a load: what the dump relies on and is not here, and what is its fault.

    `any`: whether there was one at all, if only of what our server has or has not.
    """

    lacking: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    too_new: bool = False
    any: bool = False


def complaints(stderr: Iterable[str]) -> Complaints:
    """Sort what psql or pg_restore said."""
    said = [_unwrapped(found[1]) for line in stderr if (found := _ERROR.match(line))]
    lacking = [text for text in said if _LACKING.search(text)]
    others = [t for t in said if not (_OURS.search(t) or _LACKING.search(t) or _FORMAT.search(t))]
    too_new = any(_FORMAT.search(text) for text in said)
    return Complaints(tuple(lacking), tuple(others), too_new, bool(said))


def _unwrapped(text: str) -> str:
    found = _WRAPPED.match(text)
    return found[1] if found else text
