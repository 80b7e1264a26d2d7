"""Whether proofs are what was signed, all there, and in their order. Pure, over bytes.

Public keys and heads count as far as they come from outside of what is checked. Of a chain every
change before a head shows; behind the last known head a tail that was cut off does not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from msptool.backup import names
from msptool.backup.evidence import chain, envelope, key, statement
from msptool.backup.evidence.chain import Head
from msptool.backup.evidence.statement import Statement

# The folders of a workspace in which materials may lie.
MATERIALS = ("manifests", "runs")
README = "README.txt"
# Of every README that an export ever wrote; it says what to type, so it must be ours too.
READMES = frozenset({"c28fe6cf00d31a76ddf7023e27f855047c6774a49a52366647c1361391b6a1d8"})

Kind: TypeAlias = Literal[
    "undecodable",  # no envelope, or no statement in it
    "not-canonical",  # an envelope with other bytes than what it says
    "signature",  # payload or signature were changed
    "foreign-key",  # signed by a key that is not known, or not one of those given
    "misplaced",  # of another job, key or number than its name says: swapped, copied, renamed
    "missing",  # numbers between the first and the last that are not there
    "chain",  # names another statement before it than the one that is there
    "too-large",
    "cut",  # ends before a head that is known
    "rewritten",  # another statement at the place of a head that is known
    "material",  # a file that a statement names has other bytes
    "foreign",  # a file that belongs to no statement
    "public-key",  # a public key that is not what its name says
]


@dataclass(frozen=True)
class Item:
    """A file of a bundle or a workspace. `data` is kept of keys and statements of bearable size."""

    name: str
    sha256: str
    size_bytes: int
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file: bytes `first` to before `last`, where that can be told."""

    kind: Kind
    name: str
    detail: str = ""
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a statement lies, by the name of its file."""

    job: str
    key8: str
    sequence: int


@dataclass(frozen=True)
class Chain:
    """The statements of a job and key. `held`: up to which one a head from outside vouches, or 0.

    `sound` are those that were signed and stand in their place.
    """

    job: str
    key8: str
    files: Mapping[int, Item]
    sound: Mapping[int, Statement]
    held: int = 0

    @property
    def last(self) -> int:
        """The number of the last statement that is there."""
        return max(self.files)


@dataclass(frozen=True)
class Checked:
    """What came of it. `key_given`: whether the signatures were held against keys from outside.

    `keys`: raw public keys by id, also those that nobody vouches for. `materials`: files named by
    statements that are there and right; `absent`: not there.
    """

    chains: tuple[Chain, ...]
    faults: tuple[Fault, ...]
    key_given: bool
    keys: Mapping[str, bytes] = field(default_factory=dict)
    materials: int = 0
    absent: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong with what is there."""
        return not self.faults


def verify(
    items: Iterable[Item], trusted: Collection[str] = (), heads: Sequence[Head] = ()
) -> Checked:
    """Check files by name. `trusted`: hex of raw public keys or of their ids, from outside."""
    by_name = {item.name: item for item in items}
    places = {name: place for name in by_name if (place := place_of(name))}
    keys, faults = _keys(by_name, trusted)
    opened = {name: _opened(by_name[name], place, keys, trusted) for name, place in places.items()}
    faults += [told for told in opened.values() if isinstance(told, Fault)]
    chains = tuple(_with_heads(one, heads) for one in _chains(by_name, places, opened))
    for one in chains:
        faults += _order(one)
    faults += [fault for head in heads if (fault := _head_fault(head, chains))]
    named = _materials(chains)
    there = {uri: by_name[uri] for uri in named if uri in by_name}
    wrong = [_wrong(item, named[uri]) for uri, item in there.items() if {item.sha256} != named[uri]]
    known = {*places, *named, *(f"evidence/public/{keyid}.pem" for keyid in keys)}
    faults += wrong
    faults += _foreign(by_name, known, faults)
    absent = len(named) - len(there)
    right = len(there) - len(wrong)
    return Checked(chains, tuple(faults), bool(trusted), keys, right, absent)


def place_of(name: str) -> Place | None:
    """Return the place that the name of a statement's file means; None where it is no such name."""
    match name.split("/"):
        case ["evidence", job, key8, file] if sequence := chain.number(file):
            return Place(job, key8, sequence)
    return None


def _keys(
    by_name: Mapping[str, Item], trusted: Collection[str]
) -> tuple[dict[str, bytes], list[Fault]]:
    """Return the public keys at hand by id, and what is wrong with those of the bundle."""
    given = [bytes.fromhex(text) for text in trusted]
    keys = {key.keyid(raw): raw for raw in given}
    faults = []
    for name, item in by_name.items():
        if not name.startswith("evidence/public/") or place_of(name):
            continue
        try:
            raw = key.read_pem(item.data)
        except ValueError as error:
            faults.append(Fault("public-key", name, str(error)))
            continue
        if key.pem(raw) != item.data or name != f"evidence/public/{key.keyid(raw)}.pem":
            faults.append(Fault("public-key", name))
        keys[key.keyid(raw)] = raw
    return keys, faults


def _opened(
    item: Item, place: Place, keys: Mapping[str, bytes], trusted: Collection[str]
) -> Statement | Fault:
    """Return the statement in a file that is whole, signed and in its place; else what is wrong."""
    sealed = _signed(item, keys, trusted)
    if isinstance(sealed, Fault):
        return sealed
    try:
        told = statement.decode(sealed.payload)
    except ValueError as error:
        return Fault("undecodable", item.name, str(error), sealed.first, sealed.last)
    says = Place(names.safe(told.predicate.job), sealed.keyid[:8], told.predicate.sequence)
    if says != place:
        return Fault("misplaced", item.name, f"{says.job}/{says.key8}/{says.sequence}")
    return told


def _signed(
    item: Item, keys: Mapping[str, bytes], trusted: Collection[str]
) -> envelope.Opened | Fault:
    """Return an envelope that a key which counts has signed."""
    if item.size_bytes > chain.LIMIT_BYTES:
        return Fault("too-large", item.name, f"{item.size_bytes}")
    try:
        sealed = envelope.open_(item.data)
    except envelope.NotCanonicalError as error:
        kind: Kind = "undecodable" if error.__cause__ else "not-canonical"
        return Fault(kind, item.name, "", error.first, error.last)
    public = keys.get(sealed.keyid)
    if public is None or (trusted and not {public.hex(), sealed.keyid} & set(trusted)):
        return Fault("foreign-key", item.name, sealed.keyid)
    if not key.is_signed(public, sealed.signature, envelope.signed_bytes(sealed.payload)):
        return Fault("signature", item.name, "", sealed.first, sealed.last)
    return sealed


def _chains(
    by_name: Mapping[str, Item],
    places: Mapping[str, Place],
    opened: Mapping[str, Statement | Fault],
) -> Iterator[Chain]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, place in places.items():
        groups[place.job, place.key8].append(name)
    for (job, key8), found in sorted(groups.items()):
        found.sort(key=lambda name: places[name].sequence)
        files = {places[name].sequence: by_name[name] for name in found}
        sound = {
            places[n].sequence: told for n in found if isinstance(told := opened[n], Statement)
        }
        yield Chain(names.unsafe(job), key8, files, sound)


def _with_heads(one: Chain, heads: Iterable[Head]) -> Chain:
    held = max((head.sequence for head in heads if _holds(head, one)), default=0)
    return Chain(one.job, one.key8, one.files, one.sound, held)


def _holds(head: Head, one: Chain) -> bool:
    item = one.files.get(head.sequence)
    return item is not None and (head.job, head.sha256) == (one.job, item.sha256)


def _order(one: Chain) -> Iterator[Fault]:
    """Yield gaps, and statements that follow another one than they say.

    Behind a file that is wrong itself nothing is said of the next: that would be no second fault.
    """
    expected = 1
    for sequence, item in one.files.items():
        if sequence > expected:
            yield Fault("missing", item.name, _numbers(expected, sequence - 1))
        expected = sequence + 1
        told = one.sound.get(sequence)
        before = one.files[sequence - 1].sha256 if sequence - 1 in one.sound else ""
        follows_sound = sequence - 1 in one.sound or sequence == 1
        if told and follows_sound and told.predicate.previous != before:
            yield Fault("chain", item.name)


def _numbers(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _head_fault(head: Head, chains: Iterable[Chain]) -> Fault | None:
    """Return that a head from outside is nowhere in the chains of its job."""
    own = [one for one in chains if one.job == head.job]
    if any(_holds(head, one) for one in own):
        return None
    folder = f"evidence/{names.safe(head.job)}"
    if any(head.sequence in one.files for one in own):
        return Fault("rewritten", folder, f"{head.sequence}")
    return Fault("cut", folder, f"{head.sequence}")


def _materials(chains: Iterable[Chain]) -> dict[str, set[str]]:
    """Return the hashes that statements give of each file that they name."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in chains:
        for told in one.sound.values():
            for each in told.predicate.materials:
                named[each.uri].add(each.digest.sha256)
    return named


def _wrong(item: Item, sha256s: Iterable[str]) -> Fault:
    return Fault("material", item.name, " ".join(sorted(sha256s)))


def _foreign(
    by_name: Mapping[str, Item], known: Collection[str], faults: Collection[Fault]
) -> Iterator[Fault]:
    """Yield files of nobody. Where a statement is wrong or gone, those that it may have named are
    left out: they would be no second fault.
    """
    told = {fault.name for fault in faults}
    for name, item in by_name.items():
        ours = name == README and item.sha256 in READMES
        unsure = faults and name.partition("/")[0] in MATERIALS
        if not (ours or unsure or name in known or name in told):
            yield Fault("foreign", name)


def material_uris(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the files that statements name, whatever else is wrong with these."""
    named: dict[str, None] = {}
    for item in items:
        if place_of(item.name) is None:
            continue
        try:
            told = statement.decode(envelope.open_(item.data).payload)
        except ValueError:
            continue
        named.update(dict.fromkeys(each.uri for each in told.predicate.materials))
    return tuple(named)
