"""One repository that a person named: its keys, and what may be done with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from msptool import clock, runs, secret
from msptool.backup import jobs
from msptool.backup.repository import escrow, keys, make, repositories, restic
from msptool.backup.repository.escrow import Drill
from msptool.backup.repository.keys import Key
from msptool.backup.repository.outcome import Outcome
from msptool.backup.repository.restic import Access, Tool
from msptool.errors import UsageError
from msptool.model import Scalar, Thing
from msptool.profile.load import Loaded
from msptool.profile.shape import Repository
from msptool.workspace import Workspace


@dataclass(frozen=True)
class Chosen:
    """A repository of the profile by its name."""

    workspace: Workspace
    loaded: Loaded
    name: str
    tool: Tool

    @property
    def repository(self) -> Repository:
        """What the profile says of it."""
        return self.loaded.profile.backup.repositories[self.name]

    def resolved(self, reference: str) -> str:
        """Return the secret of a reference; raise UsageError for what is none."""
        if reference.partition(":")[0] not in ("env", "file", "command"):
            raise UsageError(
                "secret.reference",
                f"{reference.split(maxsplit=1)[0]!r} is no reference to a secret",
                hint="env:NAME, file:PATH or command:PROGRAM ARGUMENTS",
            )
        return secret.resolve(reference, self.workspace)

    def new_file(self, reference: str) -> Path | None:
        """Write a new password where a `file:` is not there; return it."""
        return make.new_file(self.workspace, reference)

    def keys(self) -> tuple[Key, ...]:
        """Return its keys; raise ToolFailed where it cannot be asked."""
        found = keys.listed(self._access())
        self._require(found.outcome)
        return found.keys

    def add(self, password: str, user: str) -> tuple[Key, ...]:
        """Add a key; return what is new."""
        before = {key.id for key in self.keys()}
        self._require(keys.add(self._access(), password, user, runs.host()))
        return tuple(key for key in self.keys() if key.id not in before)

    def remove(self, ident: str) -> Key:
        """Take a key away and return it; raise UsageError where it must stay."""
        key = keys.removable(self.keys(), ident)
        self._require(keys.remove(self._access(), key))
        return key

    def drill(self, reference: str, password: str) -> Drill:
        """Open it with a password from elsewhere; raise where nothing was learnt."""
        escrow.require_other(self.repository, reference)
        source = reference.partition(" ")[0]
        cold = repositories.stranger(self.tool, self.workspace, self.repository, password)
        outcome = escrow.test(cold, self.workspace, self.name, source)
        if outcome.verdict not in escrow.TELLING:
            raise repositories.failure(self.name, self.repository, outcome)
        return Drill(clock.now(), outcome.verdict, source)

    def things(self, found: Iterable[Key]) -> Iterator[Thing]:
        """Yield keys as records."""
        for key in found:
            facts: dict[str, Scalar] = {
                "key": key.id, "current": key.current, "user": key.user_name,
                "host": key.host_name, "created": key.created,
            }  # fmt: skip
            yield jobs.repository(self.name, facts)

    def thing(self, drill: Drill) -> Thing:
        """Return a drill as a record."""
        return jobs.repository(self.name, escrow.facts(drill))

    def _access(self) -> Access:
        return repositories.access(self.tool, self.workspace, self.repository)

    def _require(self, outcome: Outcome) -> None:
        if outcome.verdict != "ok":
            raise repositories.failure(self.name, self.repository, outcome)


def repository(workspace: Workspace, loaded: Loaded, name: str) -> Chosen:
    """Return the repository of this name; raise UsageError where there is none."""
    jobs.wanted_repositories(loaded, [name])
    return Chosen(workspace, loaded, name, restic.find())
