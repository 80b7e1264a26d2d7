"""What it takes to run one program on a host: pure data that the holder carries out."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

_SCRIPTS = Path(__file__).resolve().parent.parent / "programs"


class Ready(Struct, frozen=True):
    """How to see that a program answers: by a TCP connection, or by SNMP with a community."""

    proto: str
    port: int
    community: str = ""


class Program(Struct, frozen=True, kw_only=True):
    """A program by its tool's name; `files` and `folders` stand in its own folder, `home(name)`.

    `nested` runs it as uid 1000 in a user namespace of its own: sshd and smbd drop privileges,
    which a lone mapped root cannot.
    """

    name: str
    tool: str
    args: tuple[str, ...]
    files: Mapping[str, str] = {}
    folders: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    nested: bool = False
    ready: tuple[Ready, ...] = ()


def home(name: str) -> str:
    """Return a program's folder, on the host's own tmpfs."""
    return f"/run/{name}"


def script(name: str) -> tuple[str, ...]:
    """Return the arguments with which Python runs one of our bare scripts."""
    return ("-SE", str(_SCRIPTS / f"{name}.py"))
