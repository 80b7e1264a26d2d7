"""Repositories of a profile: where they lie, what opens them, and how they are made."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from msptool import files, secret
from msptool.backup import jobs, restic, storage
from msptool.backup.outcome import Outcome
from msptool.backup.restic import Access, Tool
from msptool.backup.verdicts import TABLE
from msptool.errors import DiskError, MsptoolError, Place, ToolFailed
from msptool.process import SecretFile
from msptool.profile.load import Loaded
from msptool.profile.shape import Repository
from msptool.workspace import Workspace

# Nothing that looks like another (0 o, 1 l i, u v); 48 of 30 are 235 bits.
ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_PASSWORD_LENGTH = 48


@dataclass(frozen=True)
class Made:
    """A repository after `init`. `escrow`: the password file that was made for it."""

    name: str
    place: str
    created: bool
    escrow: Path | None = None


def folder(workspace: Workspace, repository: Repository) -> Path | None:
    """Return the folder of a local repository; None of a remote one."""
    return None if _remote(repository) else jobs.located(workspace, repository.path)


def _remote(repository: Repository) -> bool:
    return repository.sftp is not None or repository.rest is not None


def access(
    tool: Tool, workspace: Workspace, repository: Repository, *, cold: Path | None = None
) -> Access:
    """Return what opens a repository; raise what resolving its secrets raises.

    Backups use a cache in the workspace; `cold` is the empty folder of a proof, which must see
    what another machine would see.
    """
    password = SecretFile(secret.resolve(repository.password, workspace))
    at = storage.of(workspace, repository)
    cache = cold or files.make_folder(workspace.derived / "restic-cache")
    book = workspace.derived / "restic"
    return Access(tool, at.location, password, cache, at.options, book)


def failure(name: str, repository: Repository, outcome: Outcome) -> MsptoolError:
    """Return the error that says why a repository could not be used, and what to do."""
    code = TABLE[outcome.verdict].code
    if outcome.verdict == "disk-full":
        return DiskError(
            code, f"{name}: {outcome.detail}", hint="free some space, then run the command again"
        )
    messages = {
        "wrong-password": "the repository answers, no key opens",
        "repository-missing": f"no repository in {storage.shown(repository)}",
        "storage-unreachable": f"no way to the storage: {outcome.detail}",
        "locked": "another restic holds the repository",
    }
    hints = {
        "wrong-password": f"the password came from {_source(repository.password)}",
        "repository-missing": "mount it, or make it: msptool backup init",
        "storage-unreachable": _way(repository),
        "locked": "wait for it to end; whose lock it is, and what to do: msptool backup unlock",
    }
    return ToolFailed(
        code,
        f"{name}: {messages.get(outcome.verdict, outcome.detail)}",
        hint=hints.get(outcome.verdict, "msptool doctor"),
    )


def _way(repository: Repository) -> str:
    """Return how to try the way to a storage by hand."""
    sftp = repository.sftp
    if sftp is not None:
        who = f"{sftp.user}@{sftp.host}" if sftp.user else sftp.host
        return f"try it by hand, its host key must be known: ssh -p {sftp.port} {who}"
    if repository.rest is not None:
        return "is the server up, and do user, password and ca of the profile fit?"
    return "is the network drive mounted, and its server up?"


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
    stands = _stands(tool, workspace, name, repository)
    path = folder(workspace, repository)
    if not stands and path is not None:
        _require_empty(name, path)
    escrow = None if stands else _password(workspace, repository)
    opened = access(tool, workspace, repository)
    if not stands and path is not None:
        files.make_folder(path)
    _, outcome = restic.call(opened, restic.argv(opened, "snapshots" if stands else "init"))
    if outcome.verdict != "ok":
        if not stands and path is not None:
            _take_back(path)
        raise failure(name, repository, outcome)
    return Made(name, str(path or storage.shown(repository)), created=not stands, escrow=escrow)


def _stands(tool: Tool, workspace: Workspace, name: str, repository: Repository) -> bool:
    """Tell whether there is a repository, without its password: it may not be made yet."""
    path = folder(workspace, repository)
    if path is not None:
        return (path / "config").exists()
    at = storage.of(workspace, repository)
    knock = Access(tool, at.location, SecretFile("is there a repository?"), options=at.options)
    _, outcome = restic.call(knock, restic.argv(knock, "snapshots"))
    if outcome.verdict not in ("ok", "wrong-password", "repository-missing"):
        raise failure(name, repository, outcome)
    return outcome.verdict != "repository-missing"


def _require_empty(name: str, path: Path) -> None:
    if path.is_dir() and any(path.iterdir()):
        raise ToolFailed(
            "repo.not-empty",
            f"{name}: the folder holds other files; nothing was written",
            place=Place(str(path)),
            hint="name an empty or a new folder",
        )


def _password(workspace: Workspace, repository: Repository) -> Path | None:
    """Make the password file that a reference names and that is not there; return it."""
    kind, _, rest = repository.password.partition(":")
    if kind != "file":
        return None
    path = secret.secret_path(rest, workspace)
    files.make_folder(path.parent)
    return path if files.create(path, f"{new_password()}\n".encode()) else None


def new_password() -> str:
    """Return a random password that can be read off paper without a doubt."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_PASSWORD_LENGTH))


def _take_back(path: Path) -> None:
    """Remove what an `init` that failed left in a folder that was empty before."""
    for left in path.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
