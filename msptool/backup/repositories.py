"""Repositories of a profile: where they lie, what opens them, and how they are made."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from msptool import files, secret
from msptool.backup import jobs, restic
from msptool.backup.outcome import Outcome
from msptool.backup.restic import Access, Tool
from msptool.backup.verdicts import TABLE
from msptool.errors import DiskError, MsptoolError, Place, ToolFailed
from msptool.process import SecretFile
from msptool.profile.load import Loaded
from msptool.profile.shape import Repository
from msptool.workspace import Workspace

_PASSWORD_BYTES = 32  # as many bits as the AES key that it guards


@dataclass(frozen=True)
class Made:
    """A repository after `init`. `escrow`: the password file that was made for it."""

    name: str
    path: Path
    created: bool
    escrow: Path | None = None


def location(workspace: Workspace, repository: Repository) -> Path:
    """Return the absolute folder of a repository."""
    return jobs.located(workspace, repository.path)


def access(
    tool: Tool, workspace: Workspace, repository: Repository, *, cold: Path | None = None
) -> Access:
    """Return what opens a repository; raise what resolving its password raises.

    Backups use a cache in the workspace; `cold` is the empty folder of a proof, which must see
    what another machine would see.
    """
    password = SecretFile(secret.resolve(repository.password, workspace))
    cache = cold or files.make_folder(workspace.derived / "restic-cache")
    book = workspace.derived / "restic"
    return Access(tool, str(location(workspace, repository)), password, cache, book=book)


def failure(name: str, repository: Repository, outcome: Outcome) -> MsptoolError:
    """Return the error that says why a repository could not be used, and what to do."""
    code = TABLE[outcome.verdict].code
    if outcome.verdict == "disk-full":
        return DiskError(
            code, f"{name}: {outcome.detail}", hint="free some space, then run the command again"
        )
    messages = {
        "wrong-password": "the repository answers, no key opens",
        "repository-missing": f"no repository in {repository.path}",
        "locked": "another restic holds the repository",
    }
    hints = {
        "wrong-password": f"the password came from {_source(repository.password)}",
        "repository-missing": "mount it, or make it: msptool backup init",
        "locked": "wait for it to end; whose lock it is, and what to do: msptool backup unlock",
    }
    return ToolFailed(
        code,
        f"{name}: {messages.get(outcome.verdict, outcome.detail)}",
        hint=hints.get(outcome.verdict, "msptool doctor"),
    )


def _source(reference: str) -> str:
    """Return a secret's reference without the arguments of a command."""
    return reference.split(maxsplit=1)[0]


def init(workspace: Workspace, loaded: Loaded) -> tuple[Made, ...]:
    """Make the repositories that are missing; those that stand are only opened.

    Where a password is a `file:` that does not exist, a random one is written (0600).
    """
    tool = restic.find()
    return tuple(
        _made(tool, workspace, name, repository)
        for name, repository in loaded.profile.backup.repositories.items()
    )


def _made(tool: Tool, workspace: Workspace, name: str, repository: Repository) -> Made:
    path = location(workspace, repository)
    stands = (path / "config").exists()
    if not stands and path.is_dir() and any(path.iterdir()):
        raise ToolFailed(
            "repo.not-empty",
            f"{name}: the folder holds other files; nothing was written",
            place=Place(str(path)),
            hint="name an empty or a new folder",
        )
    escrow = None if stands else _password(workspace, repository)
    opened = access(tool, workspace, repository)
    if stands:
        _, outcome = restic.call(opened, restic.argv(opened, "snapshots"))
    else:
        files.make_folder(path)
        _, outcome = restic.call(opened, restic.argv(opened, "init"))
    if outcome.verdict != "ok":
        if not stands:
            _take_back(path)
        raise failure(name, repository, outcome)
    return Made(name, path, created=not stands, escrow=escrow)


def _password(workspace: Workspace, repository: Repository) -> Path | None:
    """Make the password file that a reference names and that is not there; return it."""
    kind, _, rest = repository.password.partition(":")
    if kind != "file":
        return None
    path = secret.secret_path(rest, workspace)
    files.make_folder(path.parent)
    made = files.create(path, secrets.token_urlsafe(_PASSWORD_BYTES).encode() + b"\n")
    return path if made else None


def _take_back(path: Path) -> None:
    """Remove what an `init` that failed left in a folder that was empty before."""
    for left in path.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
