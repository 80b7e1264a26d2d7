"""Taking a secret out of the store: what is searched, what is overwritten, what cannot be reached.

The tombstones come first (see redaction): they are in the same write as the masked lines, so a kill
leaves either the secret or its tombstone. `.msptool/tickets.scrub` stands from before that write
until the index holds no byte of it; where it is left, `fsck --mend` goes on.
"""

import json
import os
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from msptool import files
from msptool.errors import UsageError
from msptool.tickets import attachments, events, fold, quarantine, redaction, store
from msptool.tickets.desk import Desk
from msptool.tickets.events import AnyEvent, Attached, Pen, Redacted
from msptool.workspace import Workspace

LEAST = 4  # a shorter word stands in too many others
_CHUNK_BYTES = 1 << 20
_BEYOND = frozenset({".git", "repositories"})
Cuts: TypeAlias = dict[str, tuple[tuple[int, int], ...]]


@dataclass
class Redaction:
    """What came of it: tickets that were written, and how many texts and unreadable lines were
    overwritten.

    `kept`: places that only take certain words and were left; `elsewhere`: files of the workspace
    that still hold it; `busy`: another process holds old pages of the index.
    """

    tickets: list[str] = field(default_factory=list)
    texts: int = 0
    lines: int = 0
    kept: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    busy: bool = False


@dataclass(frozen=True)
class _Order:
    """What is searched, who takes it out, and why."""

    forms: tuple[str, ...]
    pen: Pen
    text: str


def redact(desk: Desk, secret: str, *, pen: Pen, ident: str = "", text: str = "") -> Redaction:
    """Take a secret out of one ticket, or of all where no id is given; the caller opened the desk
    to write. Raises UsageError where the secret is shorter than four characters.
    """
    forms = _forms(secret)
    if any(form in text for form in forms):
        raise UsageError(
            "redact.comment", "the comment holds the secret", hint="say why without it"
        )
    done = Redaction()
    root = desk.workspace.tickets
    paths = [desk.path_of(ident)] if ident else store.paths(root)
    new = dict(_rewritten(paths, _Order(forms, pen, text), done))
    _write(desk, new)
    _clean_beside(root, forms, done)
    done.busy = not scrub(desk)
    done.elsewhere = [str(path) for path in _holding(desk.workspace.root, forms)]
    return done


def attachment(desk: Desk, said: str, *, pen: Pen, ident: str = "", text: str = "") -> Redaction:
    """Delete what is attached for good, by its hash, or by its name on one ticket; raise UsageError
    where there is none. Every ticket that it hangs on gets a tombstone.
    """
    sha256 = attachments.find(desk.read(ident), said).sha256 if ident else said.lower()
    done = Redaction()
    new: dict[Path, bytes] = {}
    for path in store.paths(desk.workspace.tickets):
        data = _data(path)
        if sha256.encode() not in data or len(sha256) < 64:
            continue
        history = fold.in_order(store.parse(path, data)[0])
        hung = [one.eid for one in history if isinstance(one, Attached) and one.sha256 == sha256]
        gone = {one.of for one in history if isinstance(one, Redacted) and one.sha256 == sha256}
        marks: list[AnyEvent] = []
        for eid in (eid for eid in hung if eid not in gone):
            envelope = pen.mark((*history, *marks))
            marks.append(Redacted(**envelope, of=eid, sha256=sha256, text=text))
        if hung:
            done.tickets.append(path.name.removesuffix(store.SUFFIX))
        if marks:
            new[path] = _ended(data) + b"".join(events.encode(one) + b"\n" for one in marks)
    if not done.tickets:
        raise UsageError(
            "attachment.missing", f"no ticket has an attachment {said[:40]!r}",
            hint="name the ticket too, or the whole hash: msptool tickets show ID",
        )  # fmt: skip
    files.write_many(new)
    blob = attachments.path_of(desk.workspace, sha256)
    if os.path.lexists(blob):
        blob.unlink()
        files.sync_folder(blob.parent)
    desk.index.refresh()
    return done


def _forms(secret: str) -> tuple[str, ...]:
    """Return the spellings of a secret: macOS types accents apart."""
    if len(secret) < LEAST or not secret.strip():
        raise UsageError(
            "redact.short", f"a secret of less than {LEAST} characters stands in too many words",
            hint="edit the text, or give more of what stands around it",
        )  # fmt: skip
    forms = (secret, *(unicodedata.normalize(form, secret) for form in ("NFC", "NFD")))
    return tuple(dict.fromkeys(forms))


def _spelled(forms: Iterable[str]) -> tuple[bytes, ...]:
    """Return the bytes by which a text may stand in a file: plain, and as JSON escapes it."""
    spelled: list[bytes] = []
    for form in forms:
        escaped = (json.dumps(form, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
        spelled += (one.encode(errors="surrogatepass") for one in (form, *escaped))
    return tuple(dict.fromkeys(spelled))


def _rewritten(
    paths: Iterable[Path], order: _Order, done: Redaction
) -> Iterator[tuple[Path, bytes]]:
    """Yield the new bytes of the files that hold a secret."""
    spelled = _spelled(order.forms)
    for path in paths:
        data = _data(path)
        made = before = redaction.clean(data)
        if b"\\" in before or any(one in before for one in spelled):
            made = _without(path, before, order, done)
        if made != data:
            done.tickets.append(path.name.removesuffix(store.SUFFIX))
            yield path, made


def _data(path: Path) -> bytes:
    """Return a file's bytes; none where it cannot be read: what holds it still is told later."""
    try:
        return store.content(path)
    except OSError:
        return b""


def _without(path: Path, before: bytes, order: _Order, done: Redaction) -> bytes:
    cut: dict[str, Cuts] = {}
    kept: list[bytes] = []
    for number, line in enumerate(before.split(b"\n"), start=1):
        told = _decoded(line)
        if told is None:
            kept.append(_overwritten(line, order.forms))
            done.lines += kept[-1] != line
            continue
        kept.append(line)
        found, left = _cuts(told, order.forms)
        if found:
            cut[told["eid"]] = _joined(cut.get(told["eid"], {}), found)
        done.kept += [f"{path.name}:{number} {place}" for place in left]
    done.texts += sum(map(len, cut.values()))
    data = b"\n".join(kept)
    marks = _tombstones(fold.in_order(store.parse(path, data)[0]), cut, order)
    return redaction.clean(_ended(data) + marks) if marks else data


def _tombstones(history: Sequence[AnyEvent], cut: Mapping[str, Cuts], order: _Order) -> bytes:
    known = list(history)
    for eid, cuts in cut.items():
        known.append(Redacted(**order.pen.mark(known), of=eid, cuts=cuts, text=order.text))
    return b"".join(events.encode(one) + b"\n" for one in known[len(history) :])


def _decoded(line: bytes) -> Any:
    """Return an event's line as plain values; None where it is no event."""
    try:
        events.decode(line)
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return None


def _cuts(told: Any, forms: Iterable[str]) -> tuple[Cuts, list[str]]:
    """Return what can be masked, and places that would be no event any more without their word."""
    found: Cuts = {}
    for form in forms:
        found = _joined(found, redaction.places(told, form))
    left = [place for place, cuts in found.items() if not _takes(told, place, cuts)]
    return {place: cuts for place, cuts in found.items() if place not in left}, left


def _joined(one: Cuts, other: Cuts) -> Cuts:
    both = {place: (*one.get(place, ()), *other.get(place, ())) for place in {**one, **other}}
    return {place: tuple(dict.fromkeys(cuts)) for place, cuts in both.items()}


def _takes(told: Any, place: str, cuts: tuple[tuple[int, int], ...]) -> bool:
    masked = msgspec.json.encode(redaction.masked(told, {place: cuts}))
    try:
        return type(events.decode(masked)) is type(events.decode(msgspec.json.encode(told)))
    except ValueError:
        return False


def _overwritten(data: bytes, forms: Iterable[str]) -> bytes:
    """Return bytes that are no event, with the secret in them masked."""
    for form in forms:
        for one in _spelled((form,)):
            data = data.replace(one, (redaction.FILL * len(form)).encode())
    return data


def _ended(data: bytes) -> bytes:
    return data if data.endswith(b"\n") or not data else data + b"\n"


def _write(desk: Desk, new: Mapping[Path, bytes]) -> None:
    files.write(_mark(desk.workspace), b"")
    files.write_many(new)
    desk.index.refresh({path.parent.name for path in new})


def _mark(workspace: Workspace) -> Path:
    return workspace.derived / "tickets.scrub"


def is_cut_short(workspace: Workspace) -> bool:
    """Tell whether a redaction was stopped before the index was rid of the secret."""
    return _mark(workspace).exists()


def scrub(desk: Desk) -> bool:
    """Rid the index of what its rows no longer say; False while another process reads it."""
    desk.index.refresh()
    try:
        done = desk.index.scrub()
    except sqlite3.Error:  # a full disk: one made anew holds nothing old
        desk.index.rebuild()
        done = True
    if done:
        _mark(desk.workspace).unlink(missing_ok=True)
    return done


def _clean_beside(root: Path, forms: Sequence[str], done: Redaction) -> None:
    """Overwrite it in what lies beside tickets: leftovers, what fsck put aside, receipts."""
    spelled = _spelled(forms)
    for path in _files(root, lambda name: name == attachments.FOLDER):
        is_ticket = store.is_at_home(path.parent.name, path.name)
        if is_ticket or not _holds(path, spelled):
            continue
        if path.parent.name == quarantine.FOLDER:
            quarantine.keep(root, _overwritten(path.read_bytes(), forms))
            path.unlink()
        elif path.match(files.TEMPORARY):
            path.unlink()
        else:
            files.write(path, _overwritten(path.read_bytes(), forms))
        done.lines += 1


def _holding(root: Path, forms: Sequence[str]) -> Iterator[Path]:
    """Yield the files of a workspace that hold a secret as it is, below its root."""
    spelled = _spelled(forms)
    for path in _files(root, _BEYOND.__contains__):
        if _holds(path, spelled):
            yield path.relative_to(root)


def _files(root: Path, passed_over: Callable[[str], bool]) -> Iterator[Path]:
    for folder, names, found in os.walk(root):
        names[:] = sorted(name for name in names if not passed_over(name))
        yield from (path for name in sorted(found) if (path := Path(folder, name)).is_file())


def _holds(path: Path, spelled: Sequence[bytes]) -> bool:
    """Tell whether a file has one of these strings of bytes, piece by piece."""
    longest = max(map(len, spelled))
    tail = b""
    with suppress(OSError, UsageError):
        for piece in attachments.pieces(path, follow=False):
            held = tail + piece
            if any(one in held for one in spelled):
                return True
            tail = held[-longest + 1 :]
    return False
