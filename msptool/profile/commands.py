"""Which commands a profile would run: what a person looks at before trusting it, and how they
are started once it is trusted.
"""

import shlex
from collections.abc import Iterator, Sequence

from msptool import process, yaml12
from msptool.errors import ProfileError
from msptool.profile import trust
from msptool.profile.load import Loaded
from msptool.profile.shape import Job
from msptool.workspace import Workspace
from msptool.yaml12 import Value


def listed(loaded: Loaded) -> list[tuple[str, str]]:
    """Return the key and the text of every `command:` reference of the client's own file, and of
    the programs that its backup jobs would run.
    """
    found = _within(loaded.document.data, ())
    for name, job in loaded.profile.backup.jobs.items():
        for path, argv in _of_job(job):
            found.append((yaml12.dotted(("backup", "jobs", name, *path)), shlex.join(argv)))
    return found


def _of_job(job: Job) -> Iterator[tuple[yaml12.Path, Sequence[str]]]:
    if job.command is not None:
        yield ("command", "argv"), job.command.argv
    for stage in ("before", "after", "failed"):
        for at, argv in enumerate(getattr(job.hooks, stage)):
            yield ("hooks", stage, at), argv
    for at, probe in enumerate(job.probes):
        yield ("probes", at, "argv"), probe.argv


def _within(value: Value, path: yaml12.Path) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(yaml12.dotted(path), value)] if value.startswith("command:") else []
    inner = value.items() if isinstance(value, dict) else enumerate(_items(value))
    return [found for key, one in inner for found in _within(one, (*path, key))]


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def runnable(workspace: Workspace, argv: Sequence[str]) -> list[str]:
    """Return a profile's words with the program's absolute path.

    Raise ProfileError where the profile is not trusted, or where the program is named by a path
    that starts at the workspace: it would come by git with the next pull, and trust is in the
    profile's bytes alone. Raise ToolMissing where there is no such program.
    """
    trust.require(workspace, f"command:{argv[0]}")
    if "/" not in argv[0]:
        return [process.find(argv[0]), *argv[1:]]
    if not argv[0].startswith("/"):
        raise ProfileError(
            "profile.command",
            f"{argv[0]}: a program needs its name or its absolute path",
            hint="write /usr/local/bin/NAME, or NAME if it is in PATH",
        )
    return list(argv)
