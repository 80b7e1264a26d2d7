"""The index's tables, and how a file of tickets becomes their rows."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from msptool.tickets import rows
from msptool.tickets.store import Problem
from msptool.tickets.ticket import Ticket

# What a list of work to do asks for and sorts by, so that it reads no rows but its own.
_LISTED = (
    "id, active, parent, state, snoozed_until, response_met, response_due, resolve_met, "
    "resolve_due, response_warn, resolve_warn, assignee"
)
SCHEMA = f"""
CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE shard(name TEXT PRIMARY KEY, mtime_ns INT, looked_ns INT) WITHOUT ROWID;
CREATE TABLE file(shard TEXT, name TEXT, mtime_ns INT, size INT, inode INT,
    PRIMARY KEY(shard, name)) WITHOUT ROWID;
CREATE TABLE problem(file TEXT, shard TEXT, line INT, why TEXT);
CREATE INDEX problem_file ON problem(file);
CREATE TABLE alias(name TEXT, id TEXT, PRIMARY KEY(name, id)) WITHOUT ROWID;
CREATE INDEX alias_id ON alias(id);
CREATE TABLE link(id TEXT, tie TEXT, other TEXT, PRIMARY KEY(id, tie, other)) WITHOUT ROWID;
CREATE INDEX link_other ON link(other);
CREATE TABLE ticket(number INTEGER PRIMARY KEY, {", ".join(rows.COLUMNS)}, owner, key);
CREATE UNIQUE INDEX ticket_id ON ticket(id);
CREATE INDEX ticket_file ON ticket(file);
CREATE INDEX ticket_key ON ticket(key) WHERE key IS NOT NULL;
CREATE INDEX ticket_owner ON ticket(thing, owner) WHERE rule != '';
CREATE INDEX ticket_active ON ticket(priority, {_LISTED}) WHERE active;
CREATE INDEX ticket_parent ON ticket(parent) WHERE parent != '';
CREATE INDEX ticket_duplicate ON ticket(duplicate_of) WHERE duplicate_of != '';
CREATE INDEX ticket_changed ON ticket(changed_at);
CREATE VIRTUAL TABLE words USING fts5(title, text, tokenize="unicode61 remove_diacritics 2");
"""
# How a row goes into each table: the words, and how many values.
INSERTS = {
    "ticket": (
        f"INSERT OR REPLACE INTO ticket(number, {', '.join(rows.COLUMNS)}) VALUES",  # noqa: S608
        len(rows.COLUMNS) + 1,
    ),
    "words": ("INSERT INTO words(rowid, title, text) VALUES", 3),
    "file": ("INSERT OR REPLACE INTO file VALUES", 5),
    "shard": ("INSERT OR REPLACE INTO shard VALUES", 3),
    "problem": ("INSERT INTO problem VALUES", 4),
    "alias": ("INSERT OR IGNORE INTO alias VALUES", 2),
    "link": ("INSERT OR IGNORE INTO link VALUES", 3),
    "about": ("INSERT OR REPLACE INTO about VALUES", 2),
}


@cache
def insert(table: str) -> str:
    """Return the statement that puts a row into a table."""
    head, width = INSERTS[table]
    return f"{head} ({', '.join('?' * width)})"


def beside(
    shard: str, file: str, tickets: Sequence[Ticket], problems: Sequence[Problem]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield table and values of what a file says beside its tickets' own rows and words."""
    for problem in problems:
        yield "problem", (file, shard, problem.line, problem.why)
    for ticket in tickets:
        for alias in _aliases(ticket):
            yield "alias", (alias, ticket.id)
        for tie, other in ticket.links:
            yield "link", (ticket.id, tie, other)


def _aliases(ticket: Ticket) -> set[str]:
    """Return what a ticket is called elsewhere, as one may type it."""
    return {alias.casefold() for alias in {*ticket.aliases, ticket.clashed} - {"", ticket.id}}
