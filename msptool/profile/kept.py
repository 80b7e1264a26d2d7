"""A client's profile as it was read last: `.msptool/profile.kept`, deletable at any time.

To read YAML and to check it takes longer than to list 100,000 tickets. What is kept counts only
for the same bytes of profile and plan and the same msptool, and only the verbs of tickets ask for
it; whatever scans or backs up reads the profile itself.
"""

from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from msptool import __version__, files, shipped
from msptool.errors import MsptoolError
from msptool.profile import load, shape
from msptool.profile.shape import Profile
from msptool.workspace import Workspace

NAME = "profile.kept"


class Kept(Struct, frozen=True, array_like=True):
    """What a profile was made of, and what came of it."""

    made_by: str
    raw: bytes
    plan: str
    plan_raw: bytes
    profile: msgspec.Raw


def profile(workspace: Workspace) -> Profile:
    """Return a workspace's profile; raise ProfileError for the first thing wrong."""
    path, raw = workspace.derived / NAME, b""
    with suppress(OSError):
        raw = workspace.client_file.read_bytes()
        found = _kept(path, raw)
        if found is not None:
            return found
    loaded = load(workspace).profile
    with suppress(OSError, MsptoolError):
        if raw == workspace.client_file.read_bytes() and path.parent.is_dir():
            _keep(path, raw, loaded)
    return loaded


def _kept(path: Path, raw: bytes) -> Profile | None:
    try:
        kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
        fits = (kept.made_by, kept.raw, kept.plan_raw) == (_maker(), raw, _plan(kept.plan))
        return msgspec.msgpack.decode(kept.profile, type=Profile) if fits else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _keep(path: Path, raw: bytes, loaded: Profile) -> None:
    packed = msgspec.Raw(msgspec.msgpack.encode(loaded))
    kept = Kept(_maker(), raw, loaded.extends, _plan(loaded.extends), packed)
    files.write(path, msgspec.msgpack.encode(kept))


def _maker() -> str:
    """Return what changes with the shape of a profile, in a working copy too."""
    return f"{__version__} {Path(shape.__file__).stat().st_mtime_ns}"


def _plan(name: str) -> bytes:
    return (shipped.folder("profiles") / "plans" / f"{name}.yaml").read_bytes() if name else b""
