"""A command of the profile, whose output is backed up as one file."""

from msptool.backup.sources import stream
from msptool.backup.sources.feed import Feed, Taken
from msptool.profile import commands


def take(feed: Feed) -> Taken:
    """Stream what the command prints; raise ProfileError where it is not trusted."""
    command = feed.task.job.command
    if command is None:
        raise RuntimeError("a job of another kind")
    argv = commands.runnable(feed.workspace, command.argv)
    return stream.take(feed, argv, cwd=feed.workspace.root)
