"""Who is who: an asset's minted id and all the names it ever had, in `identities/ID.jsonl`.

A serial learnt later, a new lease or a new name must make no second asset and no second ticket;
so findings are about minted ids, and an alias, once learnt, leads to its id for good. Files merge
by union: where two laptops minted twice, the lower id wins and the other becomes an alias.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from msptool import files, ulid
from msptool.alias import ORDER, PAIR, STRONG, WEAK, agree, agree_all, kind_of, strength, values
from msptool.model import Instant

DEMOTED = "demoted.jsonl"  # what several live machines had: it leads to nobody any more
ADDRESS_KEEPS = timedelta(hours=24)  # a lease (RFC 2131): an older address alone is anybody's
_REFRESH = timedelta(hours=12)


class Learnt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: from now on `alias` means this file's id. `lost` takes it away again."""

    alias: str
    at: Instant
    lost: bool = False


class Identities:
    """All ids and aliases of a workspace; remembers what is new until `save`."""

    def __init__(
        self,
        owners: Mapping[str, str],
        merged: Mapping[str, str],
        demoted: Iterable[str] = (),
        learnt_at: Mapping[str, datetime] | None = None,
    ) -> None:
        self._owner = dict(owners)
        self._merged = dict(merged)
        self._demoted = set(demoted)
        self._at = dict(learnt_at or {})
        self._new: dict[str, dict[str, bool]] = {}
        self._fallen: set[str] = set()
        self._given: set[str] = set()
        self._shown: set[str] = set()
        self._held: dict[str, set[str]] = defaultdict(set)
        for alias, owner in self._owner.items():
            self._held[self.resolve(owner)].add(alias)

    @property
    def demoted(self) -> Set[str]:
        """Identifiers that several live machines had: they join nothing and lead to nobody."""
        return self._demoted

    def demote(self, alias: str) -> None:
        """Believe an identifier no more, for this client and for good."""
        if alias in self._demoted:
            return
        self._demoted.add(alias)
        self._fallen.add(alias)
        if (owner := self._owner.pop(alias, None)) is not None:
            self._held[self.resolve(owner)].discard(alias)

    def resolve(self, name: str) -> str:
        """Return the minted id of an alias or an older id; the name itself if it is unknown."""
        found = self._owner.get(name, name)
        while found in self._merged:
            found = self._merged[found]
        return found

    def aliases(self, ident: str) -> tuple[str, ...]:
        """Return the aliases that lead to an id, sorted."""
        return tuple(sorted(self._held.get(ident, ())))

    def mint_all(self, machines: Sequence[Sequence[str]], at: datetime) -> list[str]:
        """Return an id for each of the machines that live at one time, by their aliases.

        Who is known best chooses first, and no two get one id: a docking station's MAC that went
        to a new laptop leaves the old one its id.
        """
        self._given.clear()
        self._shown.clear()
        found = [""] * len(machines)
        for place in sorted(range(len(machines)), key=lambda n: (*self._claim(machines[n]), n)):
            found[place] = self._mint(machines[place], at, apart=True)
        return found

    def _claim(self, aliases: Sequence[str]) -> tuple[int, int]:
        known = [strength(alias)[0] for alias in aliases if alias in self._owner]
        return min(known, default=len(ORDER)), -len(known)

    def mint(self, aliases: Iterable[str], at: datetime | None = None) -> str:
        """Return the id that these aliases of one machine lead to; a new one if none does.

        Ids that strong aliases bring together become one, the lowest, unless their serials say
        that they are two machines (a router's virtual MAC moves to its neighbour). A weak alias
        joins nothing, and leads nowhere once its machine was met in this run: two machines may
        give themselves one name. What another machine had is taken over from it. With `at`, an
        address alone that was last met more than 24 hours before leads nowhere.
        """
        return self._mint(aliases, at, apart=False)

    def _mint(self, aliases: Iterable[str], at: datetime | None, *, apart: bool) -> str:
        known = [alias for alias in dict.fromkeys(aliases) if alias not in self._demoted]
        owners = self._by_strong(known)
        owners -= self._given if apart else set()
        owners = owners or self._by_pair(known) or self._by_weak(known, at)
        ident = min(owners, default="") or ulid.new()
        for other in owners - {ident}:
            self._merged[other] = ident
            self._held[ident] |= self._held.pop(other, set())
            self._note(ident, f"id:{other}")
        for alias in known:
            self._learn(ident, alias, at)
        self._given.add(ident)
        self._shown.update(alias for alias in known if kind_of(alias) not in STRONG)
        return ident

    def _by_strong(self, known: Sequence[str]) -> set[str]:
        found: set[str] = set()
        serials = values(known, "serial")
        for alias in sorted((a for a in known if a in self._owner), key=strength):
            ident = self.resolve(alias)
            theirs = values(self._held[ident], "serial")
            agreed = agree(serials, theirs) and not self._moved(alias, known, ident)
            if kind_of(alias) in STRONG and agreed:
                found.add(ident)
                serials |= theirs
        return found

    def _moved(self, alias: str, known: Sequence[str], ident: str) -> bool:
        """Tell whether a card went from a machine to another: their names differ, and so does
        something on their disks, or the name is that of a third one.
        """
        held = self._held[ident]
        if kind_of(alias) != "mac" or agree(values(known, "name"), values(held, "name")):
            return False
        others = {self.resolve(a) for a in known if kind_of(a) == "name" and a in self._owner}
        return bool(others - {ident}) or not agree_all(known, held)

    def _by_pair(self, known: Sequence[str]) -> set[str]:
        """Return the one machine that a pair of weak signs leads to, unless it shows another
        serial, host key or id.
        """
        for alias in (a for a in known if kind_of(a) == PAIR and a in self._owner):
            ident = self.resolve(alias)
            if ident not in self._given and agree_all(known, self._held[ident]):
                return {ident}
        return set()

    def _by_weak(self, known: Sequence[str], at: datetime | None) -> set[str]:
        """Return the one machine that most weak aliases lead to, of which nothing stronger is
        known where this one shows something strong.
        """
        counts: dict[str, int] = {}
        for alias in sorted((a for a in known if a in self._owner), key=strength):
            ident = self.resolve(alias)
            if kind_of(alias) in WEAK and self._may_lead(alias, known, ident, at):
                counts[ident] = counts.get(ident, 0) + 1
        most = max(counts.values(), default=0)
        return set(next(([i] for i, count in counts.items() if count == most), []))

    def _may_lead(self, alias: str, known: Sequence[str], ident: str, at: datetime | None) -> bool:
        """Tell whether a weak alias may lead to a machine: not to one that was met in this run,
        that shows another MAC, or another name while its address may have become another's.
        """
        held = self._held[ident]
        if ident in self._given or not agree(values(known, "local"), values(held, "local")):
            return False
        if any(kind_of(a) in STRONG for a in known) and any(kind_of(a) in STRONG for a in held):
            return False
        if kind_of(alias) != "ip" or self._same_look(known, ident):
            return True
        met = self._at.get(alias)
        fresh = at is None or met is None or at - met <= ADDRESS_KEEPS
        return fresh and agree(values(known, "name"), values(held, "name"))

    def _same_look(self, known: Sequence[str], ident: str) -> bool:
        return any(kind_of(alias) == "look" and alias in self._held[ident] for alias in known)

    def _learn(self, ident: str, alias: str, at: datetime | None) -> None:
        owner = self.resolve(alias) if alias in self._owner else None
        if owner == ident:
            met = self._at.get(alias)
            if kind_of(alias) == "ip" and at and met and at - met > _REFRESH:
                self._at[alias] = at
                self._note(ident, alias)
            return
        if kind_of(alias) not in STRONG and alias in self._shown:
            return  # a weak one shown twice stays with the first
        if owner is not None:
            self._note(owner, alias, lost=True)
            self._held[owner].discard(alias)
        if at is not None and kind_of(alias) == "ip":
            self._at[alias] = at
        self._owner[alias] = ident
        self._held[ident].add(alias)
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
        if self._fallen:
            words = (Learnt(alias=alias, at=at) for alias in sorted(self._fallen))
            told = b"".join(msgspec.json.encode(word) + b"\n" for word in words)
            files.append(files.make_folder(folder) / DEMOTED, told)
        self._new.clear()
        self._fallen.clear()
        self._given.clear()
        self._shown.clear()


def load(folder: Path) -> Identities:
    """Read all identities of a workspace; lines that cannot be read are passed over.

    The order of lines does not matter (union merges shuffle them). An alias belongs to the ids
    that learnt it and did not lose it since. Where two ids hold a strong one, two laptops minted
    twice: they are one, the lower, unless their serials differ. Of a weak one the latest word
    counts, and at the same instant the lower id.
    """
    merged: dict[str, str] = {}
    said: dict[str, dict[str, Learnt]] = {}
    demoted = {line.alias for line in _lines(folder / DEMOTED)}
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        for line in _lines(path) if path.name != DEMOTED else ():
            if line.alias in demoted:
                continue
            if line.alias.startswith("id:"):
                _join(merged, line.alias[3:], path.stem)
                continue
            held = said.setdefault(line.alias, {})
            held[path.stem] = max(held.get(path.stem, line), line, key=lambda w: (w.at, not w.lost))
    return _settled(merged, said, demoted)


def _settled(
    merged: dict[str, str], said: Mapping[str, Mapping[str, Learnt]], demoted: Iterable[str]
) -> Identities:
    """Give each alias to one id, from the strongest down, joining what strong ones join."""
    owners: dict[str, str] = {}
    serials: dict[str, set[str]] = {}
    learnt_at: dict[str, datetime] = {}
    for alias in sorted(said, key=strength):
        held = {ident: word for ident, word in said[alias].items() if not word.lost}
        if not held:
            continue
        latest = max(word.at for word in held.values())
        owner = min(ident for ident, word in held.items() if word.at == latest)
        for other in sorted(held) if kind_of(alias) in STRONG else ():
            mine, theirs = (serials.get(_root(merged, i), set()) for i in (owner, other))
            if agree(mine, theirs):
                _join(merged, owner, other)
                serials[_root(merged, owner)] = mine | theirs
        serials.setdefault(_root(merged, owner), set()).update(values([alias], "serial"))
        owners[alias], learnt_at[alias] = owner, latest
    return Identities(owners, merged, demoted, learnt_at)


def _root(merged: Mapping[str, str], ident: str) -> str:
    while ident in merged:
        ident = merged[ident]
    return ident


def _join(merged: dict[str, str], one: str, other: str) -> None:
    """Make two ids one; the lower stays."""
    low, high = sorted((_root(merged, one), _root(merged, other)))
    if low != high:
        merged[high] = low


def _lines(path: Path) -> Iterable[Learnt]:
    decoder = msgspec.json.Decoder(Learnt)
    for raw in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            yield decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
