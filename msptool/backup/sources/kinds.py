"""The table of kinds: what takes a job's source."""

from msptool.backup.manifest import Source
from msptool.backup.sources.feed import Feed, Taken


def take(kind: Source, feed: Feed) -> Taken:
    """Let restic save a source of a kind. Its module is loaded for that alone: folders need
    nothing of what asks databases.
    """
    match kind:
        case "paths":
            from msptool.backup.sources.folders import take as taking
        case "sqlite":
            from msptool.backup.sources.sqlite import take as taking
        case "postgresql":
            from msptool.backup.sources.postgresql import take as taking
        case "command":
            from msptool.backup.sources.command import take as taking
    return taking(feed)
