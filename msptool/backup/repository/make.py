"""Make the repositories of a profile, with a password and a recovery sheet each."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from msptool import files, secret
from msptool.backup.repository import escrow, repositories, restic, sheet, storage
from msptool.backup.repository.passwords import new_password
from msptool.backup.repository.restic import Tool
from msptool.errors import Place, ToolFailed
from msptool.profile.load import Loaded
from msptool.profile.shape import Repository
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Made:
    """A repository after `init`. `escrow`: the password file that was made for it."""

    name: str
    place: str
    created: bool
    escrow: Path | None = None
    sheets: tuple[Path, ...] = ()


def init(workspace: Workspace, loaded: Loaded) -> tuple[Made, ...]:
    """Make the repositories that are missing; those that stand are only opened.

    Where a password is a `file:` that does not exist, a random one is written (0600). Each gets
    the recovery sheets that it lacks.
    """
    tool = restic.find()
    made = []
    for name, repository in loaded.profile.backup.repositories.items():
        each = _made(tool, workspace, name, repository)
        if each.created:
            escrow.forget(workspace, name)
        sheets = sheet.write(workspace, loaded, name, again=each.created)
        made.append(replace(each, sheets=sheets))
    return tuple(made)


def _made(tool: Tool, workspace: Workspace, name: str, repository: Repository) -> Made:
    stands = _stands(tool, workspace, name, repository)
    path = repositories.folder(workspace, repository)
    if not stands and path is not None:
        _require_empty(name, path)
    password_file = None if stands else new_file(workspace, repository.password)
    opened = repositories.access(tool, workspace, repository)
    if not stands and path is not None:
        files.make_folder(path)
    _, outcome = restic.call(opened, restic.argv(opened, "snapshots" if stands else "init"))
    if outcome.verdict != "ok":
        if not stands and path is not None:
            _take_back(path)
        raise repositories.failure(name, repository, outcome)
    place = str(path or storage.shown(repository))
    return Made(name, place, created=not stands, escrow=password_file)


def _stands(tool: Tool, workspace: Workspace, name: str, repository: Repository) -> bool:
    """Tell whether there is a repository, without its password: it may not be made yet."""
    path = repositories.folder(workspace, repository)
    if path is not None:
        return (path / "config").exists()
    knock = repositories.stranger(tool, workspace, repository, "is there a repository?")
    _, outcome = restic.call(knock, restic.argv(knock, "snapshots"))
    if outcome.verdict not in ("ok", "wrong-password", "repository-missing"):
        raise repositories.failure(name, repository, outcome)
    return outcome.verdict != "repository-missing"


def _require_empty(name: str, path: Path) -> None:
    if path.is_dir() and any(path.iterdir()):
        raise ToolFailed(
            "repo.not-empty",
            f"{name}: the folder holds other files; nothing was written",
            place=Place(str(path)),
            hint="name an empty or a new folder",
        )


def new_file(workspace: Workspace, reference: str) -> Path | None:
    """Make the password file that a reference names and that is not there; return it."""
    kind, _, rest = reference.partition(":")
    if kind != "file":
        return None
    path = secret.secret_path(rest, workspace)
    files.make_folder(path.parent)
    return path if files.create(path, f"{new_password()}\n".encode()) else None


def _take_back(path: Path) -> None:
    """Remove what an `init` that failed left in a folder that was empty before."""
    for left in path.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
