"""Tickets among each other, asked of an index that was just made from the files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msptool.tickets import attachments
from msptool.tickets.doctor.histories import Said
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.index import Index
from msptool.ulid import ALPHABET

_HASH_CHARS = 64
_TWINS = (
    "SELECT group_concat(id, ', '), min(file) FROM (SELECT * FROM ticket ORDER BY opening) "
    "WHERE active AND rule != '' GROUP BY rule, coalesce(owner, thing), part HAVING count(*) > 1"
)
_DUPLICATES = "SELECT id, duplicate_of FROM ticket WHERE duplicate_of != '' AND NOT active"
_ALIASES = (
    "SELECT name, group_concat(id, ', ') FROM alias "
    "WHERE upper(name) NOT IN (SELECT clashed FROM ticket WHERE clashed != '') "
    "GROUP BY name HAVING count(*) > 1"
)


def tickets(index: Index, told: Sequence[Said]) -> Iterator[Trouble]:
    """Yield ids that lead nowhere, aliases that lead to several, and one finding's tickets."""
    for said in told:
        for ident, tie in said.pointed.items():
            if not index.is_known(ident):
                yield trouble("nowhere", said.file, detail=f"{tie} {ident}")
    for name, idents in index.rows(_ALIASES):
        yield trouble("alias", "tickets", detail=f"{name}: {idents}")
    for idents, file in index.rows(_TWINS):
        yield trouble("twins", f"tickets/{file.split('-')[1][:2]}/{file}", detail=idents)
    for ring in _rings(dict(index.rows(_DUPLICATES))):
        yield trouble("ring", "tickets", detail=", ".join(ring))


def _rings(original: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield tickets that repeat each other, as two laptops may close them: each ring once."""
    done: set[str] = set()
    for first in sorted(original):
        path: list[str] = []
        ident = first
        while ident in original and ident not in done:
            done.add(ident)
            path.append(ident)
            ident = original[ident]
        if ident in path:
            yield tuple(path[path.index(ident) :])


def attached(root: Path, told: Sequence[Said]) -> Iterator[Trouble]:
    """Yield attachments that are missing, are nobody's, came back, or are not what they were."""
    hung = {sha256: said.file for said in told for sha256 in said.attached}
    deleted = {sha256 for said in told for sha256 in said.deleted}
    folder = root / "tickets" / attachments.FOLDER
    there = {path.name: path for path in sorted(folder.glob("*/*"))}
    for sha256, file in sorted(hung.items()):
        if sha256 not in there and sha256 not in deleted:
            yield trouble("attachment-missing", file, detail=sha256)
    for name, path in there.items():
        place = str(path.relative_to(root))
        if name in deleted:
            yield trouble("attachment-back", place)
        elif not _is_hash(name) or path.parent.name != name[:2]:
            continue  # a stray or a leftover: see places
        elif not attachments.is_whole(path, name):
            yield trouble("attachment-hash", place)
        elif name not in hung:
            yield trouble("attachment-orphan", place)


def _is_hash(name: str) -> bool:
    return len(name) == _HASH_CHARS and not set(name) - set(ALPHABET.lower()[:16])
