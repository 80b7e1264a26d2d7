"""Turn a reference to a secret into the secret, as late as possible, and never say it."""

import os
import shlex
import stat
from pathlib import Path

from msptool import process
from msptool.errors import Place, ProfileError, UnsafeError
from msptool.profile import trust
from msptool.workspace import Workspace

COMMAND_TIMEOUT_S = 30.0
_LIMIT_BYTES = 64 * 1024


def resolve(reference: str, workspace: Workspace) -> str:
    """Return the secret that `env:`, `file:` or `command:` leads to, without its line break."""
    kind, _, rest = reference.partition(":")
    sources = {"env": _from_env, "file": _from_file, "command": _from_command}
    secret = sources[kind](rest, workspace).rstrip("\r\n")
    if not secret:
        raise ProfileError(
            "secret.empty",
            f"{reference.split(maxsplit=1)[0]} gives an empty secret",
            hint="set it, then run the same command again",
        )
    return secret


def _from_env(name: str, _workspace: Workspace) -> str:
    if name not in os.environ:
        raise ProfileError(
            "secret.missing", f"the variable {name} is not set", hint=f"export {name}=…"
        )
    return os.environ[name]


def _from_file(name: str, workspace: Workspace) -> str:
    path = secret_path(name, workspace)
    try:
        # Non-blocking: a FIFO in its place must not hold the run for ever.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            _refuse_unsafe(path, os.fstat(file.fileno()))
            return file.read(_LIMIT_BYTES).decode(errors="surrogateescape")
    except OSError as error:
        raise ProfileError(
            "secret.missing",
            f"cannot read the secret: {error.strerror}",
            place=Place(str(path)),
            hint="file: paths start at the workspace",
        ) from error


def _refuse_unsafe(path: Path, told: os.stat_result) -> None:
    """Raise where others can read a secret, or could have written it."""
    if not stat.S_ISREG(told.st_mode):
        raise ProfileError("secret.missing", "the secret is not a file", place=Place(str(path)))
    if told.st_uid not in (os.geteuid(), 0):
        raise UnsafeError(
            "secret.foreign", "this secret belongs to another user", place=Place(str(path))
        )
    if stat.S_IMODE(told.st_mode) & 0o077:
        raise UnsafeError(
            "secret.readable",
            "others can read this secret",
            place=Place(str(path)),
            hint=f"chmod 600 {shlex.quote(str(path))}",
        )


def secret_path(name: str, workspace: Workspace) -> Path:
    """Return where a `file:` reference points; a relative one starts at the workspace."""
    try:
        return workspace.root / Path(name).expanduser()
    except RuntimeError as error:  # ~nobody
        raise ProfileError("secret.missing", f"file:{name}: no such user") from error


def _from_command(text: str, workspace: Workspace) -> str:
    words = _words(text)
    trust.require(workspace, f"command:{words[0]}")
    argv = [process.find(words[0]) if "/" not in words[0] else words[0], *words[1:]]
    done = process.run(argv, timeout_s=COMMAND_TIMEOUT_S, cwd=workspace.root)
    if not done.ok:
        how = "takes too long" if done.timed_out else f"failed: exit code {done.returncode}"
        raise ProfileError(
            "secret.command",
            f"command:{words[0]} {how}",
            hint="run it by hand; it must print the secret and end with 0",
        )
    return done.stdout.decode(errors="surrogateescape")


def _words(text: str) -> list[str]:
    """Return a command's words. A path that starts at the workspace is refused: trust is in the
    profile's bytes, and the program's would come by git with the next pull.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ProfileError("secret.command", f"command: {error}") from error
    if not words or not words[0] or ("/" in words[0] and not words[0].startswith("/")):
        raise ProfileError(
            "secret.command",
            "command: needs the name or the absolute path of a program",
            hint="command:pass show acme/nas",
        )
    return words
