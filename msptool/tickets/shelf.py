"""The index as ingesting sees it: tickets of findings, by fingerprint."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from msptool import model
from msptool.tickets import lifecycle
from msptool.tickets.desk import Desk
from msptool.tickets.look import Held
from msptool.tickets.rows import at
from msptool.tickets.ticket import Ticket

_WHAT = (
    "SELECT id, opening, state, reason, accepted_until, duplicate_of, severity, importance, rule, "
    "coalesce(owner, thing), part, vantage, privilege, as_of, ended_at, turns, key FROM ticket "
)


class DeskShelf:
    """See `look.Shelf`; `Desk.index.own` was called for the identities of now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._expected: dict[str, list[Held]] = {}

    def expect(self, keys: Collection[str]) -> None:
        """Look up the tickets of many fingerprints at once."""
        self._expected = {key: [] for key in keys}
        wanted = msgspec.json.encode(list(keys)).decode()
        where = "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY opening"
        for key, held in self._found(where, wanted):
            self._expected[key].append(held)

    def by_key(self, key: str) -> list[Held]:
        """Return the tickets of a fingerprint, in the order of opening."""
        if key in self._expected:
            return self._expected[key]
        return [held for _, held in self._found("WHERE key = ? ORDER BY opening", key)]

    def by_id(self, ident: str) -> Held | None:
        """Return any ticket: a finding's may be a duplicate of a person's."""
        found = self._found("WHERE id = ?", ident)
        return found[0][1] if found else None

    def active(self, places: Collection[tuple[str, str]]) -> Iterator[tuple[str, Held]]:
        """Yield fingerprint and ticket of the findings with work to do of these checks on these
        things.
        """
        wanted = msgspec.json.encode(list(places)).decode()
        yield from self._found(
            "WHERE active AND rule != '' AND (rule, coalesce(owner, thing)) IN "
            "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)) "
            "ORDER BY opening",
            wanted,
        )

    def read(self, ident: str) -> Ticket:
        """Return a whole ticket."""
        return self._desk.read(ident)

    def _found(self, where: str, *values: str) -> list[tuple[str, Held]]:
        rows = self._desk.index.rows(_WHAT + where, values)
        return [(row[-1], _held(row, self._desk.client)) for row in rows]


def _held(row: tuple[Any, ...], client: str) -> Held:
    (ident, opening, state, reason, accepted, duplicate_of, severity, importance, check, thing,
     part, vantage, privilege, as_of, ended_at, turns, _) = row  # fmt: skip
    return Held(
        id=ident,
        opening=opening,
        state=state,
        reason=reason,
        accepted_until=at(accepted),
        duplicate_of=duplicate_of,
        severity="info" if severity is None else model.SEVERITIES[severity],
        importance="normal" if importance is None else lifecycle.LEVELS[importance],
        check=check,
        subject=model.Subject(client=client, thing=thing, part=part),
        vantage=vantage,
        privilege=privilege,
        as_of=_sure(as_of),
        ended_at=at(ended_at),
        turns=tuple(_sure(int(turn)) for turn in turns.split()),
    )


def _sure(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
