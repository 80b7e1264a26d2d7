"""The tickets in SQLite, derived from their files and deletable at any time: `.msptool/tickets.db`.

Whether it still agrees with the files is told by times, as git tells it: a shard's folder changes
whenever a file in it is made, replaced or removed, by us, by git or by most editors; then its files
are compared by time, size and inode, and those that differ are read. A folder whose time is not
older than the look at it by `SLACK_NS` is looked at again: the next change might leave the same
time. An edit *in place* changes no folder: `fsck` and `reindex` see it, and whatever shows or
writes one ticket reads its file.

A damaged index, or one of another version or plan, is made anew.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msptool.tickets import database, loading, rows, store, tables
from msptool.tickets.clocks import Reckoner
from msptool.tickets.store import Problem
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace

SLACK_NS = 2_100_000_000  # FAT keeps times to two seconds
_SCRUB_MS = 3000  # for readers that hold old pages; fsck --mend does it later
_COMMIT_EVERY = 64  # shards, while many are read
_MANY = 8  # new shards, from which on it is worth to read them at one go
Progress = Callable[[int, int], None]


class Index:
    """An open index; `problems` and all queries tell of the files as they were at `refresh`."""

    def __init__(
        self,
        workspace: Workspace,
        path: Path,
        reckoner: Reckoner,
        progress: Progress | None = None,
        wait_s: float = database.WAIT_S,
    ) -> None:
        self.workspace, self.path = workspace, path
        self._wait_s = wait_s
        self._reckoner, self._progress = reckoner, progress
        self._is_stained = False  # old pages hold what a clone redacted
        self._db = database.connect(self.path, self._reckoner.basis, self._wait_s)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def rows(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Return what a query finds; a damaged index is made anew first."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if database.is_about_the_query(error):
                raise
            self.rebuild()
            return self._db.execute(sql, values).fetchall()

    def each(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Yield what a query finds, row by row; raise sqlite3.DatabaseError where it is damaged."""
        yield from self._db.execute(sql)

    def problems(self) -> tuple[Problem, ...]:
        """Return the lines and files that could not be read."""
        found = self.rows("SELECT file, shard, line, why FROM problem ORDER BY file, line")
        root = self.workspace.tickets
        return tuple(Problem(root / shard / file, line, why) for file, shard, line, why in found)

    def file_of(self, ident: str) -> str | None:
        """Return the name of the file that holds a ticket of this id; None where none does."""
        found = self.rows("SELECT file FROM ticket WHERE id = ?", (ident,))
        return str(found[0][0]) if found else None

    def ids_of(self, alias: str) -> list[str]:
        """Return the tickets that are called so elsewhere, or were before laptops met."""
        found = self.rows("SELECT id FROM alias WHERE name = ? ORDER BY id", (alias.casefold(),))
        return [str(ident) for (ident,) in found]

    def is_known(self, ident: str) -> bool:
        """Tell whether an id leads to a ticket: its own, or one that is called so."""
        return self.file_of(ident) is not None or bool(self.ids_of(ident))

    @property
    def is_kept(self) -> bool:
        """Whether it lies in its place, not as a copy that nobody sees again."""
        return self.path == database.path_of(self.workspace)

    def own(self, resolve: Callable[[str], str], key: Callable[[str, str, str], str]) -> None:
        """Bring `key` up to date: a finding's fingerprint over the id that its thing has now."""
        old = self.rows("SELECT DISTINCT thing, owner FROM ticket WHERE rule != ''")
        moved = [(thing, owner, now) for thing, owner in old if (now := resolve(thing)) != owner]
        if not moved:
            return
        with self._writing():
            for thing, owner, now in moved:
                its = self._db.execute(
                    "SELECT number, rule, part FROM ticket "
                    "WHERE rule != '' AND thing = ? AND owner IS ?", (thing, owner),
                ).fetchall()  # fmt: skip
                self._db.executemany(
                    "UPDATE ticket SET owner = ?, key = ? WHERE number = ?",
                    [(now, key(rule, now, part), number) for number, rule, part in its],
                )

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throw everything away and read all files."""
        self._progress = progress or self._progress
        self._db.close()
        database.remove(self.path)
        self._db = database.connect(self.path, self._reckoner.basis, self._wait_s)
        self.refresh()

    def scrub(self) -> bool:
        """Leave no byte of what the rows no longer say, neither in the index nor beside it; return
        False while another process holds old pages. Raises sqlite3.Error on a full disk.
        """
        self._db.execute(f"PRAGMA busy_timeout={_SCRUB_MS}")
        try:
            self._db.execute("INSERT INTO words(words) VALUES('optimize')")  # terms that are gone
            self._db.execute("VACUUM")
            return not int(self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        finally:
            self._db.execute(f"PRAGMA busy_timeout={database.WAIT_S * 1000:.0f}")

    def refresh(self, only: Iterable[str] | None = None) -> None:
        """Read what changed since; `only`: of these shards. A damaged index is made anew."""
        self._or_anew(lambda: self._refresh(only))
        if self._is_stained:
            self._is_stained = False
            with suppress(sqlite3.Error):  # fsck --mend does it, too
                self.scrub()

    def take(self, paths: Iterable[Path]) -> None:
        """Read files that the caller wrote. Their folders are looked at when the index is opened
        next, as after any change: another program may have written there, too.
        """
        self._or_anew(lambda: self._take_all(paths))

    def _take_all(self, paths: Iterable[Path]) -> None:
        with self._writing():
            for path in paths:
                self._take(path, path.lstat())

    def _or_anew(self, read: Callable[[], None]) -> None:
        try:
            read()
        except sqlite3.DatabaseError as error:
            if database.is_about_the_query(error):
                raise
            self.rebuild()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write all of it, or nothing since the last commit."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _take(self, path: Path, stat: os.stat_result) -> None:
        """Read a file, and note how it looked before it was read."""
        self._read_file(path)
        state = stat.st_mtime_ns, stat.st_size, stat.st_ino
        self._put("file", (path.parent.name, path.name, *state))

    def _refresh(self, only: Iterable[str] | None) -> None:
        found = self._dirty(None if only is None else set(only))
        if not found:
            return
        with self._writing():
            dirty = self._dirty(set(found))  # another process may have been quicker
            if len(dirty) >= _MANY:
                self._load(dirty)
                dirty = self._dirty(set(dirty))
            self._compare(sorted(dirty))

    def _compare(self, dirty: Sequence[str]) -> None:
        """Read what differs in these shards."""
        for nth, shard in enumerate(dirty, start=1):
            self._read_shard(shard)
            if nth % _COMMIT_EVERY == 0:
                self._db.execute("COMMIT")
                self._db.execute("BEGIN IMMEDIATE")
                if self._progress is not None:
                    self._progress(nth, len(dirty))

    def _load(self, dirty: Sequence[str]) -> None:
        """Read the shards of which nothing is known yet, where they are many."""
        known = {name for (name,) in self._db.execute("SELECT name FROM shard")}
        new = sorted(set(dirty) - known)
        if len(new) < _MANY:
            return
        from msptool.tickets import bulk

        done = 0
        for count in bulk.load(self._db, str(self.workspace.tickets), new, self._reckoner):
            done += count
            if self._progress is not None:
                self._progress(done, len(new))

    def _dirty(self, wanted: set[str] | None) -> list[str]:
        """Return the shards that may differ from what was read."""
        known = self._known(wanted)
        root = self.workspace.tickets
        there = list(store.shards(root)) if wanted is None else sorted(wanted)
        found = []
        for name in there:
            mtime_ns, looked_ns = known.pop(name, (0, 0))
            try:
                now_ns = os.stat(f"{root}/{name}").st_mtime_ns  # noqa: PTH116 - of a thousand
            except FileNotFoundError:
                now_ns = -1
            if now_ns != mtime_ns or now_ns + SLACK_NS > looked_ns:
                found.append(name)
        return [*found, *known]

    def _known(self, wanted: set[str] | None) -> dict[str, tuple[int, int]]:
        """Return of each shard its time when it was read, and when that was."""
        if wanted is not None and len(wanted) < _MANY:
            asked: list[tuple[str, tuple[str, ...]]] = [
                ("SELECT * FROM shard WHERE name = ?", (name,)) for name in wanted
            ]
        else:
            asked = [("SELECT * FROM shard", ())]
        found = [row for sql, values in asked for row in self._db.execute(sql, values)]
        return {
            name: (mtime_ns, looked_ns)
            for name, mtime_ns, looked_ns in found
            if wanted is None or name in wanted
        }

    def _read_shard(self, shard: str) -> None:
        looked_ns = time.time_ns()
        folder = self.workspace.tickets / shard
        try:
            mtime_ns = folder.stat().st_mtime_ns
            entries = {e.name: e.stat(follow_symlinks=False) for e in store.entries(folder)}
        except FileNotFoundError:
            mtime_ns, entries = None, {}
        known = {
            name: state
            for name, *state in self._db.execute(
                "SELECT name, mtime_ns, size, inode FROM file WHERE shard = ?", (shard,)
            )
        }
        for name in known.keys() - entries.keys():
            self._forget(shard, name)
            self._db.execute("DELETE FROM file WHERE shard = ? AND name = ?", (shard, name))
        for name, stat in sorted(entries.items()):
            state = [stat.st_mtime_ns, stat.st_size, stat.st_ino]
            if known.get(name) != state:
                self._take(folder / name, stat)
        if mtime_ns is None:
            self._db.execute("DELETE FROM shard WHERE name = ?", (shard,))
        else:
            self._put("shard", (shard, mtime_ns, looked_ns))

    def _read_file(self, path: Path) -> None:
        numbers = self._forget(path.parent.name, path.name)
        tickets, problems = store.read_file(path)
        self._note_redacted(path, tickets, is_known=bool(numbers))
        for ticket in tickets:
            values = rows.of(ticket, path.name, self._reckoner.clocks(ticket))
            number = numbers.pop() if numbers else None
            cursor = self._put("ticket", (number, *values))
            self._put("words", (cursor.lastrowid, *rows.words(ticket)))
        for table, told in tables.beside(path.parent.name, path.name, tickets, problems):
            self._put(table, told)

    def _put(self, table: str, values: Sequence[Any]) -> sqlite3.Cursor:
        return self._db.execute(tables.insert(table), values)

    def _note_redacted(self, path: Path, tickets: Sequence[Ticket], *, is_known: bool) -> None:
        """Have old pages scrubbed where a ticket that was read before was redacted since."""
        count = loading.redacted(tickets)
        if not count:
            return
        name = f"redacted {path.name}"
        told = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        self._is_stained |= is_known and told != (str(count),)
        self._put("about", (name, str(count)))

    def _forget(self, shard: str, file: str) -> list[int]:
        """Take a file's tickets out; return their row numbers, which are free again."""
        self._db.execute("DELETE FROM problem WHERE shard = ? AND file = ?", (shard, file))
        if not store.is_at_home(shard, file):  # what it holds counts only where it belongs
            return []
        found = self._db.execute("SELECT number, id FROM ticket WHERE file = ?", (file,)).fetchall()
        for number, ident in found:
            self._db.execute("DELETE FROM words WHERE rowid = ?", (number,))
            self._db.execute("DELETE FROM ticket WHERE number = ?", (number,))
            self._db.execute("DELETE FROM alias WHERE id = ?", (ident,))
            self._db.execute("DELETE FROM link WHERE id = ?", (ident,))
        return [number for number, _ in found]
