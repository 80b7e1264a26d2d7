"""Whether a program may be started by a timer: only if no other user can change what it does."""

import os
import stat
import sys
from pathlib import Path

from msptool.errors import Place, ToolMissing, UnsafeError

_OVERFLOW_UID = 65534  # how owners from outside show in a user namespace: allowed for folders above


def script() -> Path:
    """Return the absolute path of the `msptool` program; raise ToolMissing if there is none."""
    beside = Path(sys.executable).with_name("msptool")
    started = Path(sys.argv[0]).absolute()
    for path in (beside, started):
        if path.name == "msptool" and os.access(path, os.X_OK) and path.is_file():
            return path
    raise ToolMissing(
        "schedule.script",
        "a timer needs the installed program, and there is no msptool beside this Python",
        hint="pip install msptool",
    )


def code(program: Path) -> tuple[Path, ...]:
    """Return what runs when the program is started: itself, its Python and our package."""
    return program, Path(sys.executable), Path(__file__).parent.parent


def refuse_unsafe(path: Path) -> None:
    """Raise UnsafeError where another user could replace this path or a folder above it."""
    for place in {path.absolute(), path.resolve()}:
        _refuse(place, last=True)
        for folder in place.parents:
            _refuse(folder, last=False)


def _refuse(path: Path, *, last: bool) -> None:
    told = path.stat()
    owners = {0, os.geteuid()} if last else {0, os.geteuid(), _OVERFLOW_UID}
    mode = stat.S_IMODE(told.st_mode)
    sticky = not last and bool(mode & stat.S_ISVTX)  # as /tmp: only the owner renames an entry
    if told.st_uid not in owners:
        raise _unsafe(path, "belongs to another user", f"chown it to uid {os.geteuid()} or root")
    if mode & 0o022 and not sticky:
        raise _unsafe(path, "can be written by others", f"chmod go-w {path}")


def _unsafe(path: Path, why: str, hint: str) -> UnsafeError:
    return UnsafeError(
        "schedule.unsafe",
        f"a timer would run what others can change: {path} {why}",
        place=Place(str(path)),
        hint=hint,
    )
