"""Who is who: an asset's minted id and all the names it ever had, in `identities/ID.jsonl`.

A serial learnt later, a new lease or a new name must make no second asset and no second ticket;
so findings are about minted ids, and an alias, once learnt, leads to its id for good. Files merge
by union: where two laptops minted twice, the lower id wins and the other becomes an alias.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from msptool import files, ulid
from msptool.model import Instant

# Aliases that name one machine for years, strongest first; an address is no identity: it is only
# kept for a machine that shows nothing better, and is forgotten when something better turns up.
STRONG = ("serial", "engine", "hostkey", "mac")
WEAK = ("name", "ip")


class Learnt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: from now on `alias` means this file's id. `lost` takes it away again."""

    alias: str
    at: Instant
    lost: bool = False


class Identities:
    """All ids and aliases of a workspace; remembers what is new until `save`."""

    def __init__(self, owners: Mapping[str, str], merged: Mapping[str, str]) -> None:
        self._owner = dict(owners)
        self._merged = dict(merged)
        self._new: dict[str, dict[str, bool]] = {}

    def resolve(self, name: str) -> str:
        """Return the minted id of an alias or an older id; the name itself if it is unknown."""
        found = self._owner.get(name, name)
        while found in self._merged:
            found = self._merged[found]
        return found

    def aliases(self, ident: str) -> tuple[str, ...]:
        """Return the aliases that lead to an id, sorted."""
        return tuple(sorted(a for a, owner in self._owner.items() if self.resolve(owner) == ident))

    def mint(self, aliases: Iterable[str]) -> str:
        """Return the id that these aliases of one machine lead to; a new one if none does.

        Several ids met in one machine become one, the lowest; the weak aliases of another
        machine are taken over, never followed once a strong one speaks.
        """
        known = list(aliases)
        strong = [a for a in known if _kind(a) in STRONG]
        owners = {self.resolve(a) for a in (strong or known) if a in self._owner}
        if not owners and strong:
            owners = {self.resolve(a) for a in known if self._weak_owner(a)}
        ident = min(owners, default=ulid.new())
        for other in owners - {ident}:
            self._merged[other] = ident
            self._note(ident, f"id:{other}")
        for alias in known:
            self._learn(ident, alias)
        return ident

    def _weak_owner(self, alias: str) -> bool:
        """Whether a weak alias leads to a machine of which nothing stronger is known."""
        if alias not in self._owner:
            return False
        ident = self.resolve(alias)
        return not any(_kind(a) in STRONG for a in self.aliases(ident))

    def _learn(self, ident: str, alias: str) -> None:
        owner = self._owner.get(alias)
        if owner is not None and self.resolve(owner) == ident:
            return
        if owner is not None:
            self._note(self.resolve(owner), alias, lost=True)
        self._owner[alias] = ident
        self._note(ident, alias)

    def _note(self, ident: str, alias: str, *, lost: bool = False) -> None:
        self._new.setdefault(ident, {})[alias] = lost

    def save(self, folder: Path, at: datetime) -> None:
        """Append what was learnt since loading; the caller holds the workspace."""
        for ident, learnt in self._new.items():
            lines = [
                msgspec.json.encode(Learnt(alias=alias, at=at, lost=lost)) + b"\n"
                for alias, lost in learnt.items()
            ]
            files.append(files.make_folder(folder) / f"{ident}.jsonl", b"".join(lines))
        self._new.clear()


def _kind(alias: str) -> str:
    return alias.partition(":")[0]


def load(folder: Path) -> Identities:
    """Read all identities of a workspace; lines that cannot be read are passed over.

    The order of lines does not matter (union merges shuffle them): the latest word on an alias
    counts, and at the same instant the lower id.
    """
    last: dict[str, tuple[datetime, str, bool]] = {}
    merged: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        for line in _lines(path):
            if line.alias.startswith("id:"):
                merged[line.alias[3:]] = path.stem
                continue
            before = last.get(line.alias)
            if before is None or _later(line, path.stem, before):
                last[line.alias] = (line.at, path.stem, line.lost)
    owners = {alias: ident for alias, (_, ident, lost) in last.items() if not lost}
    return Identities(owners, merged)


def _later(line: Learnt, ident: str, before: tuple[datetime, str, bool]) -> bool:
    at, other, lost = before
    if line.at != at:
        return line.at > at
    return lost and not line.lost or (line.lost == lost and ident < other)


def _lines(path: Path) -> Iterable[Learnt]:
    decoder = msgspec.json.Decoder(Learnt)
    for raw in path.read_bytes().splitlines():
        try:
            yield decoder.decode(raw)
        except msgspec.DecodeError:
            continue
