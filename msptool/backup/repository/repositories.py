"""Repositories of a profile: where they lie, and what opens them."""

from pathlib import Path

from msptool import files, secret
from msptool.backup import jobs
from msptool.backup.repository import storage
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Access, Tool
from msptool.backup.verdicts import TABLE
from msptool.errors import DiskError, MsptoolError, ToolFailed
from msptool.process import SecretFile
from msptool.profile.shape import Repository
from msptool.workspace import Workspace


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


def stranger(tool: Tool, workspace: Workspace, repository: Repository, password: str) -> Access:
    """Return what opens a repository with some other password, and without any cache."""
    at = storage.of(workspace, repository)
    return Access(tool, at.location, SecretFile(password), options=at.options)


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
