"""Words looked for in all tickets and all that was said in them, ended ones too, the best first.

How good a hit is, is FTS5's bm25, a word of the title counting four times; a ticket that has the
word as its id, or a name elsewhere, comes before all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from msptool.errors import UsageError
from msptool.model import Instant
from msptool.tickets import ids, listing, query, typed
from msptool.tickets.desk import Desk
from msptool.tickets.listing import Row

# Around the words that were found; noncharacters, which no honest text holds (Unicode 23.7).
OPEN, SHUT = "\ufdd0", "\ufdd1"
_TOKENS = 14
_RANK = "bm25(4.0, 1.0)"
_ID_CHARS = 5  # fewer stand in many ids by chance


class Hit(Struct, frozen=True, gc=False):
    """A ticket that was found; in `snippet`, what was found stands between OPEN and SHUT. The
    higher the score the better.
    """

    row: Row
    snippet: str
    score: float


class Hits(Struct, frozen=True):
    """The best hits, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


def search(
    desk: Desk,
    terms: Sequence[str],
    now: datetime,
    *,
    limit: int,
    me: str = "",
    own: Mapping[str, str] | None = None,
) -> Hits:
    """Return the tickets in which all words stand (each begins one; those of one term in turn) and
    that pass the filters. Raises UsageError where no word is given.
    """
    words, filters = query.words_of(typed.expanded(terms, own or {}))
    wanted = " ".join(filter(None, map(query.match, words)))
    if not wanted:
        raise UsageError(
            "tickets.search", "which words?", hint="msptool tickets list takes filters alone"
        )
    passing = query.parse(filters, now, ZoneInfo(desk.profile.client.zone), me=me)
    values = {**passing.values, "wanted": wanted, "rank": _RANK, "most": limit or -1}
    named = _named(desk, words, passing.where, values, now)
    found, total = _found(desk, passing.where, values, now)
    ids = {hit.row.id for hit in named}
    hits = [*named, *(hit for hit in found if hit.row.id not in ids)]
    return Hits(
        tuple(hits[:limit] if limit else hits), total + len(ids - {h.row.id for h in found})
    )


def _named(
    desk: Desk, words: Sequence[str], where: str, values: Mapping[str, object], now: datetime
) -> list[Hit]:
    """Return the tickets that one word names."""
    if len(words) != 1:
        return []
    part = ids.part(words[0], desk.client)
    inside = "SELECT id FROM ticket WHERE instr(id, :part) UNION " if _may_be_id(part) else ""
    sql = (
        f"SELECT {listing.COLUMNS} FROM ticket WHERE ({where}) AND id IN ({inside}"  # noqa: S608
        "SELECT id FROM alias WHERE name = :alias) ORDER BY id LIMIT :most"
    )
    rows = desk.index.rows(sql, {**values, "part": part, "alias": words[0].casefold()})
    return [Hit(listing.row_of(row, now), "", 0.0) for row in rows]


def _may_be_id(part: str) -> bool:
    return len(part) >= _ID_CHARS and part.isascii() and part.replace("-", "").isalnum()


def _found(
    desk: Desk, where: str, values: Mapping[str, object], now: datetime
) -> tuple[list[Hit], int]:
    inner = (
        "SELECT rowid AS hit, rank AS score FROM words"
        " WHERE words MATCH :wanted AND rank MATCH :rank"
    )
    if where == "1":
        chosen = f"{inner} ORDER BY rank LIMIT :most"
        count = "SELECT count(*) FROM words WHERE words MATCH :wanted"
    else:
        chosen = inner
        count = (
            "SELECT count(*) FROM ticket WHERE number IN "  # noqa: S608
            f"(SELECT rowid FROM words WHERE words MATCH :wanted) AND ({where})"
        )
    sql = (
        f"SELECT number, score, {listing.COLUMNS} FROM ({chosen}) JOIN ticket"  # noqa: S608
        f" ON number = hit WHERE ({where}) ORDER BY score, id LIMIT :most"
    )
    rows = desk.index.rows(sql, values)
    total = int(desk.index.rows(count, values)[0][0])
    return [
        Hit(listing.row_of(tuple(row), now), _snippet(desk, number, values), round(-score, 3))
        for number, score, *row in rows
    ], total


def _snippet(desk: Desk, number: int, values: Mapping[str, object]) -> str:
    sql = (
        "SELECT snippet(words, -1, :open, :shut, '…', :tokens) FROM words"
        " WHERE words MATCH :wanted AND rowid = :number"
    )
    marks = {"open": OPEN, "shut": SHUT, "tokens": _TOKENS}
    found = desk.index.rows(sql, {**values, **marks, "number": number})
    return str(found[0][0]) if found else ""


def plain(snippet: str) -> str:
    """Return a snippet without its marks, on one line."""
    return " ".join(snippet.replace(OPEN, "").replace(SHUT, "").split())


def pieces(snippet: str) -> list[tuple[str, bool]]:
    """Return the texts of a snippet in turn, on one line, each with whether it was looked for."""
    parts: list[tuple[str, bool]] = []
    for at, part in enumerate(" ".join(snippet.split()).split(OPEN)):
        inside, shut, rest = part.partition(SHUT) if at else ("", "", part)
        parts += [(inside, bool(shut)), (rest, False)]
    return [(text, hit) for text, hit in parts if text]


class Record(Struct, frozen=True, kw_only=True, tag_field="type", tag="hit"):
    """A hit as JSON has it; the higher the score the better, of one client."""

    id: str
    client: str
    state: str
    priority: str
    title: str
    requester: str
    assignee: str
    opened_at: Instant
    snippet: str
    score: float


def record(hit: Hit) -> Record:
    """Return a hit for `--json`."""
    row = hit.row
    return Record(
        id=row.id, client=row.client, state=row.state, priority=row.priority, title=row.title,
        requester=row.requester, assignee=row.assignee, opened_at=row.opened_at,
        snippet=plain(hit.snippet), score=hit.score,
    )  # fmt: skip


def merged(found: Sequence[Hits], *, limit: int) -> Hits:
    """Return the hits of several clients as one, the best first; what is named comes before all."""
    if len(found) == 1:
        return found[0]
    hits = sorted(
        (hit for one in found for hit in one.hits),
        key=lambda hit: (bool(hit.snippet), -hit.score, hit.row.id),
    )
    return Hits(tuple(hits[:limit] if limit else hits), sum(one.total for one in found))
