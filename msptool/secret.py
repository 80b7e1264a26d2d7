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


def resolve(reference: str, workspace: Workspace) -> str:
    """Return the secret that `env:`, `file:` or `command:` leads to, without its line break."""
    kind, _, rest = reference.partition(":")
    sources = {"env": _from_env, "file": _from_file, "command": _from_command}
    secret = sources[kind](rest, workspace).rstrip("\r\n")
    if not secret:
        raise ProfileError(
            "secret.empty",
            f"{kind}:{rest.split()[0]} gives an empty secret",
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
        told = path.stat()
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            "secret.missing", f"cannot read the secret: {error}", place=Place(str(path))
        ) from error
    if stat.S_IMODE(told.st_mode) & 0o077:
        raise UnsafeError(
            "secret.readable",
            "others can read this secret",
            place=Place(str(path)),
            hint=f"chmod 600 {shlex.quote(str(path))}",
        )
    return text


def secret_path(name: str, workspace: Workspace) -> Path:
    """Return where a `file:` reference points; a relative one starts at the workspace."""
    return workspace.root / Path(name).expanduser()


def _from_command(text: str, workspace: Workspace) -> str:
    words = shlex.split(text)
    trust.require(workspace, f"command:{words[0]}")
    argv = [process.find(words[0]) if "/" not in words[0] else words[0], *words[1:]]
    done = process.run(argv, timeout_s=COMMAND_TIMEOUT_S, cwd=workspace.root)
    if not done.ok:
        raise ProfileError(
            "secret.command", f"command:{words[0]} failed: exit code {done.returncode}"
        )
    return done.stdout.decode(errors="surrogateescape")
