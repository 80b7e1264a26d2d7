"""The table of kinds: what takes a job's source."""

from collections.abc import Callable, Mapping

from msptool.backup.manifest import Source
from msptool.backup.sources import command, folders, postgresql, sqlite
from msptool.backup.sources.feed import Feed, Taken

TAKE: Mapping[Source, Callable[[Feed], Taken]] = {
    "paths": folders.take,
    "sqlite": sqlite.take,
    "postgresql": postgresql.take,
    "command": command.take,
}
