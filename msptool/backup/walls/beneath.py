"""Open what lies below a folder that strangers filled, without following any link on the way."""

import os

from msptool.backup import names

_STEP = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_DIRECTORY
_LAST = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def opened(root: int, path: str) -> int:
    """Return a descriptor of a file or folder at a path (as text) below an open folder.

    Raises OSError: a link anywhere in the path is one, even one that leads nowhere outside.
    """
    *steps, last = [names.raw(part) for part in path.split("/") if part not in ("", ".")] or [b"."]
    if b".." in (*steps, last):
        raise OSError("a path that leads up")
    at = os.dup(root)
    try:
        for step in steps:
            at = _stepped(at, step)
        return os.open(last, _LAST, dir_fd=at)
    finally:
        os.close(at)


def _stepped(at: int, step: bytes) -> int:
    inner = os.open(step, _STEP, dir_fd=at)
    os.close(at)
    return inner
