"""A test restore without a scratch disk: `restic dump` as a tar, hashed as it flows by.

restic ends a dump at the first damage, and 0.14 ends it at a tree that it cannot read with code 0
and without a word. So what was not seen is never taken for absent before it was asked for: what
the stream passed by in restic's order is not in the snapshot; each folder that nothing was seen
of is asked for as a tar, each file of a folder that was begun by itself. That is a call of restic
each, so their number is bounded, and what was not looked at then is said. A tar of restic holds no
pipes and devices, and a link in a folder that broke off cannot be asked for by itself: such names
are left out, and their clusters are not proven.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from msptool import clock, process
from msptool.backup import jobs, names, words
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry, files_and_bytes
from msptool.backup.meter import Meter
from msptool.backup.proof import compare, sample
from msptool.backup.proof.compare import BAD, Comparison, Difference
from msptool.backup.proof.sample import Cluster
from msptool.backup.proof.tarball import MalformedError, Member, Reader
from msptool.backup.proof.trial import Bench, Tested, explained, kept
from msptool.backup.proof.weigh import weigh
from msptool.backup.repository import locks, restic
from msptool.backup.repository.answers import Snapshot
from msptool.backup.repository.outcome import Outcome
from msptool.backup.verdicts import sort_of
from msptool.backup.walk import Seen

MOST_CALLS = 300
# What restic says of a path that a snapshot has not.
_NOT_THERE = re.compile(r"not found in snapshot|should be a dir")
_CARRIED = ("file", "folder", "link")


def streamed(
    bench: Bench,
    task: Task,
    snapshot: Snapshot,
    entries: Sequence[Entry],
    clusters: Sequence[Cluster],
) -> Tested:
    """Let a snapshot flow by and hold it against the entries that it must have. `clusters`: those
    of the entries that may become proven.
    """
    started_s = clock.monotonic_s()
    meter = Meter(bench.progress, f"stream {task.name}", files_and_bytes(entries)[1])
    look = _Look(entries, jobs.sources(bench.workspace, task.job).all)
    pump = _Dumps(task, snapshot, look, meter, started_s + task.job.timeout_h * 3600)
    pump.all()
    compared, left = look.compared(), look.left()
    faults = weigh(pump.outcome, {}, compared, timed_out=pump.timed_out, whole=not left)
    if left and not any(fault.sort == "blind" for fault in faults):
        faults = (*faults, Fault("could-not-run", words.NOT_LOOKED, left, len(left)))
    said = process.redact(b"\n".join(pump.said), task.access.secrets)
    return Tested(
        snapshot,
        tuple(explained(fault, snapshot, task.job) for fault in faults),
        compared,
        clock.monotonic_s() - started_s,
        kept(bench, task, snapshot, said, compared),
        "streamed",
        _proven(entries, clusters, look, pump.outcome),
    )


def _proven(
    entries: Sequence[Entry], clusters: Sequence[Cluster], look: "_Look", outcome: Outcome
) -> tuple[Cluster, ...]:
    if sort_of(outcome.verdict) == "blind":
        return ()
    bad = {path for path, difference in look.found.items() if difference.how in BAD}
    unseen = {entry.path for entry in entries if not entry.unread and entry.path not in look.found}
    return sample.clean(clusters, bad | unseen)


class _Look:
    """What must come, and what came of it. `found` is by written path, `waiting` by name; of
    the folders in `begun` something was seen.
    """

    def __init__(self, entries: Sequence[Entry], sources: Sequence[str]) -> None:
        expected = (e for e in entries if not e.unread and e.kind in _CARRIED)
        self.waiting = {names.read(entry.path): entry for entry in expected}
        self.found: dict[str, Difference] = {}
        self._known = {names.read(entry.path) for entry in entries}
        self._done: list[Entry] = []
        self._unread = sum(entry.unread for entry in entries)
        self._extra = 0
        self.begun = {""}
        self._tops = tuple(f"{source.rstrip('/')}/" for source in sources)

    def take(self, member: Member) -> None:
        """Hold a member against its entry; what comes twice counts once."""
        if member.kind == "folder":
            self.begin(member.name.rpartition("/")[0])
        entry = self.waiting.get(member.name)
        if entry is None:
            self._extra += member.name not in self._known and member.name.startswith(self._tops)
            return
        seen = Seen(member.name, member.kind, (member.size_bytes, 0, 0, 0), 0, member.target)
        wrong = compare.wrong_kind(entry, seen)
        if wrong is None and compare.needs_hash(entry, seen):
            wrong = compare.wrong_content(entry, member.sha256)
        self._settle(member.name, compare.outcome_of(entry, seen, wrong, {}))

    def come(self, folder: str) -> None:
        """Settle a folder that restic could list."""
        if folder in self.waiting:
            self.take(Member(folder, "folder", 0))

    def lose(self, name: str, said: str) -> None:
        """Settle what restic could not read."""
        self._gone(name, {name: said or words.COMPLAINED})

    def drop(self, name: str) -> None:
        """Settle what the snapshot has not."""
        self._gone(name, {})

    def passed(self, last: str, folder: str) -> list[str]:
        """Return what should have come before the last that came of a folder.

        restic goes through a folder by name, byte for byte, and into each folder at its place.
        """
        end = names.raw(last).split(b"/")
        return [name for name in self.below(folder) if names.raw(name).split(b"/") < end]

    def _gone(self, name: str, complaints: Mapping[str, str]) -> None:
        entry = self.waiting.get(name)
        if entry is not None:
            self._settle(name, compare.outcome_of(entry, None, ("absent", ""), complaints))

    def _settle(self, name: str, difference: Difference) -> None:
        entry = self.waiting.pop(name)
        self._done.append(entry)
        self.found[entry.path] = difference
        self.begin(name.rpartition("/")[0])

    def begin(self, folder: str) -> None:
        """Note that something of a folder was seen: it cannot be asked for whole any more."""
        while folder not in self.begun:
            self.begun.add(folder)
            folder = folder.rpartition("/")[0]

    def pieces(self) -> list[str]:
        """Return what to ask for next: the topmost folders that were not begun, single files."""
        return list(dict.fromkeys(filter(None, map(self._piece, self.waiting))))

    def _piece(self, name: str) -> str:
        parent = name.rpartition("/")[0]
        if parent in self.begun:
            kind = self.waiting[name].kind
            return name if kind == "file" or (kind == "folder" and name not in self.begun) else ""
        while (above := parent.rpartition("/")[0]) not in self.begun:
            parent = above
        return parent

    def entered(self, folder: str) -> bool:
        """Tell whether a folder could be read, as something in it came back."""
        return any(names.read(path).startswith(f"{folder}/") for path in self._same())

    def below(self, folder: str) -> list[str]:
        """Return the names that are still waited for below a folder."""
        top = f"{folder.rstrip('/')}/"
        return [name for name in self.waiting if name.startswith(top)]

    def close(self, said: str) -> None:
        """Settle folders that were seen by what lies in them alone, or by nothing."""
        seen = {n.rpartition("/")[0] for n in map(names.read, self._same())}
        for name in sorted(self.waiting, key=len, reverse=True):
            if self.waiting[name].kind != "folder" or self.below(name):
                continue
            if name in seen:
                self.take(Member(name, "folder", 0))
                seen.add(name.rpartition("/")[0])
            elif name in self.begun:
                self.lose(name, said)

    def _same(self) -> list[str]:
        return [path for path, difference in self.found.items() if difference.how not in BAD]

    def left(self) -> tuple[str, ...]:
        """Return the files and folders that were not looked at."""
        return tuple(sorted(e.path for e in self.waiting.values() if e.kind != "link"))

    def compared(self) -> Comparison:
        """Return what all that was looked at comes to."""
        found = [self.found[entry.path] for entry in self._done]
        return compare.judged(self._done, found, unread=self._unread, extra=self._extra)


class _Dumps:
    """The dumps of one snapshot: first the whole, then what the damage hid. `outcome`: of the
    first that did not end well.
    """

    def __init__(
        self, task: Task, snapshot: Snapshot, look: _Look, meter: Meter, deadline_s: float
    ) -> None:
        self._task = task
        self._snapshot = snapshot
        self._look = look
        self._meter = meter
        self._deadline_s = deadline_s
        self._calls = 0
        self.outcome = Outcome("ok")
        self.timed_out = False
        self.said: list[bytes] = []

    def all(self) -> None:
        """Dump everything, then again and again what broke off."""
        self._folder("/")
        while pieces := self._look.pieces():
            for piece in pieces:
                if self._over():
                    return
                entry = self._look.waiting.get(piece)
                if entry is not None and entry.kind == "file":
                    self._file(piece)
                elif entry is not None or self._look.below(piece):
                    self._folder(piece)
        self._look.close(self.outcome.detail)

    def _over(self) -> bool:
        blind = sort_of(self.outcome.verdict) == "blind" and self.outcome.verdict != "could-not-run"
        return blind or self.timed_out or self._calls >= MOST_CALLS

    def _folder(self, folder: str) -> None:
        """Dump a folder; what it is cut in is broken."""
        last = ""

        def on_member(member: Member) -> None:
            nonlocal last
            last = member.name
            self._look.take(member)

        reader = Reader(on_member)
        try:
            outcome = self._dump(folder, reader.feed)
        except MalformedError as error:
            outcome = Outcome("could-not-run", str(error))
        if reader.cut is not None:
            last = reader.cut.name
        for name in self._look.passed(last, folder) if last else ():
            self._look.drop(name)
        self._look.begin(folder.rstrip("/"))
        if outcome.verdict == "ok":
            self._look.come(folder)
        elif reader.cut is None:
            self._failed(folder, outcome)
        else:
            self._note(outcome)
            self._look.lose(reader.cut.name, outcome.detail)

    def _file(self, name: str) -> None:
        """Dump a file by itself."""
        hashed, size = hashlib.sha256(), 0

        def on_data(data: bytes) -> None:
            nonlocal size
            size += len(data)
            hashed.update(data)

        outcome = self._dump(name, on_data)
        if outcome.verdict == "ok":
            self._look.take(Member(name, "file", size, sha256=hashed.hexdigest()))
        else:
            self._failed(name, outcome)

    def _failed(self, name: str, outcome: Outcome) -> None:
        """Settle what restic could not give: not there, broken, or below a folder that is."""
        if _NOT_THERE.search(outcome.detail):
            for gone in (*self._look.below(name), name):
                self._look.drop(gone)
            return
        self._note(outcome)
        if self._over():
            return
        broken = [name, *_above(name)]
        if outcome.verdict == "not-restorable":
            told = next((at for at in broken if f'"{at}"' in outcome.detail), "")
            above = name.rpartition("/")[0]  # 0.19 does not say which folder it is
            broken = [told or (name if self._look.entered(above) else above)]
        for lost in (*self._look.below(broken[0]), broken[0]):
            self._look.lose(lost, outcome.detail)

    def _dump(self, path: str, on_data: Callable[[bytes], None]) -> Outcome:
        self._calls += 1

        def counted(data: bytes) -> None:
            self._meter.add(len(data))
            on_data(data)

        words_of = restic.dump_argv(self._task.access, self._snapshot.id, path)
        left_s = max(1.0, self._deadline_s - clock.monotonic_s())
        done, outcome = locks.unlocking(
            self._task.access, words_of, timeout_s=left_s, on_data=counted
        )
        self.said.append(done.stderr)
        self.timed_out |= done.timed_out
        return outcome

    def _note(self, outcome: Outcome) -> None:
        if self.outcome.verdict == "ok":
            self.outcome = outcome


def _above(name: str) -> list[str]:
    """Return the folders that a name lies in, the nearest first."""
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 1, -1)]
