"""Whether commands in a profile may run: only after this user recorded its hash.

A profile comes by git from colleagues; a `command:` in it would run with our rights. As with
direnv, a changed file is a new file and must be looked at again.
"""

from pathlib import Path

from msptool import files
from msptool.errors import Place, ProfileError
from msptool.workspace import Workspace, state_home


def _record() -> Path:
    return state_home() / "trusted"


def _entry(workspace: Workspace) -> str:
    return f"{files.sha256(workspace.client_file)}  {workspace.client_file}\n"


def is_trusted(workspace: Workspace) -> bool:
    """Tell whether this very file was trusted by this user."""
    record = _record()
    return record.is_file() and _entry(workspace) in record.read_text().splitlines(keepends=True)


def trust(workspace: Workspace) -> bool:
    """Record the profile as it stands now; return False if it was trusted already."""
    if is_trusted(workspace):
        return False
    files.append(files.make_folder(_record().parent) / "trusted", _entry(workspace).encode())
    return True


def require(workspace: Workspace, what: str) -> None:
    """Raise ProfileError before a command of an untrusted profile runs."""
    if not is_trusted(workspace):
        raise ProfileError(
            "profile.untrusted",
            f"{what} would run a command, and this profile is not trusted",
            place=Place(str(workspace.client_file)),
            hint="read the file, then: msptool profile trust",
        )
