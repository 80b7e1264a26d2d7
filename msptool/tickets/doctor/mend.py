"""`tickets fsck --mend`: what can be mended without losing anything.

Bytes are put aside before the file without them is written, so a kill in between leaves them in
both places, and the next mending finds the same bytes there already. The caller opened the desk to
write.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from msptool import files
from msptool.tickets import attachments, quarantine, redact, redaction
from msptool.tickets.desk import Desk
from msptool.tickets.doctor import gitfiles, lines, receipted
from msptool.tickets.doctor.look import Health
from msptool.tickets.doctor.troubles import Trouble
from msptool.tickets.events import Opened, Redacted


class Mended(Struct, frozen=True, kw_only=True, tag_field="type", tag="mended"):
    """What was done about one trouble; `kept`: where its bytes are now, "" where they are gone."""

    code: str
    file: str
    line: int
    kept: str = ""


LINES = frozenset({"torn", "foreign", "binary", "gigantic", "marker", "unredacted"})


def mend(desk: Desk, health: Health) -> list[Mended]:
    """Mend what is safe to mend; return what was done."""
    root = desk.workspace.root
    by_file: dict[str, list[Trouble]] = {}
    for one in health.troubles:
        by_file.setdefault(one.file, []).append(one)
    done: list[Mended] = []
    for file, troubles in by_file.items():
        if any(one.code in LINES for one in troubles):
            done += _lines(root, file)
        if any(one.code == "receipt" for one in troubles):
            done += _receipt(root, file)
        for one in troubles:
            if one.code in OTHERS:
                done.append(OTHERS[one.code](root, one))
    done += _around(desk, health)
    return done


def _lines(root: Path, file: str) -> Iterator[Mended]:
    """Move out what is no event, and mask what came back; leave a file without opening."""
    path = root / file
    looked = lines.look(path, file)
    if not any(isinstance(event, Opened) for event in looked.events):
        return
    code = {one.line: one.code for one in looked.troubles if one.line}
    kept: list[bytes] = []
    dead = {event.of.encode() for event in looked.events if isinstance(event, Redacted)}
    for line in lines.of(path):
        if line.number not in looked.bad:
            kept.append(line.data or b"")
            continue
        yield Mended(
            code=code[line.number], file=file, line=line.number, kept=_aside(root, path, line, dead)
        )
    yield from (
        Mended(code=one.code, file=file, line=one.line)
        for one in looked.troubles
        if one.code == "unredacted"
    )
    files.write(path, redaction.clean(b"".join(line + b"\n" for line in kept if line.strip())))


def _aside(root: Path, path: Path, line: lines.Line, dead: Iterable[bytes]) -> str:
    """Put a line aside; not one of an event of which something was redacted: it may hold that."""
    if line.data is not None and any(eid in line.data for eid in dead):
        return ""
    return quarantine.keep_pieces(root / "tickets", lambda: lines.pieces(path, line))


def _receipt(root: Path, file: str) -> Iterator[Mended]:
    kept = receipted.mend(root, file)
    for line, place in (kept or {0: ""}).items():
        yield Mended(code="receipt", file=file, line=line, kept=place)


def _remove(root: Path, one: Trouble) -> Mended:
    with suppress(FileNotFoundError):
        (root / one.file).unlink()
        files.sync_folder((root / one.file).parent)
    return Mended(code=one.code, file=one.file, line=0)


def _put_aside(root: Path, one: Trouble) -> Mended:
    path = root / one.file
    kept = quarantine.keep_pieces(root / "tickets", lambda: attachments.pieces(path, follow=False))
    path.unlink()
    files.sync_folder(path.parent)
    return Mended(code=one.code, file=one.file, line=0, kept=kept)


def _make_private(root: Path, one: Trouble) -> Mended:
    path = root / one.file
    with suppress(PermissionError, FileNotFoundError):
        mode = stat.S_IMODE(path.lstat().st_mode)
        path.chmod(mode & 0o700)  # no link: those are passed over
    return Mended(code=one.code, file=one.file, line=0)


def _move(root: Path, one: Trouble) -> Mended:
    """Give the index its place back; all in `.msptool` may be deleted, but this is not ours."""
    path = root / one.file
    number = next(n for n in range(1, 10_000) if not os.path.lexists(f"{path}.aside{n}"))
    kept = path.rename(f"{path}.aside{number}")
    return Mended(code=one.code, file=one.file, line=0, kept=str(kept.relative_to(root)))


OTHERS: Mapping[str, Callable[[Path, Trouble], Mended]] = {
    "leftover": _remove,
    "attachment-back": _remove,
    "attachment-hash": _put_aside,
    "writable": _make_private,
    "readable": _make_private,
    "index-place": _move,
}


def _around(desk: Desk, health: Health) -> Iterator[Mended]:
    """Add git's rules, and make the index anew; its old pages go in any case, lest a secret that
    another clone redacted stays in them.
    """
    rules = [one for one in health.troubles if one.code.startswith("git-")]
    if rules:
        gitfiles.mend(desk.workspace.root)
    stale = [one for one in health.troubles if one.code in ("index", "scrub")]
    if any(one.code == "index" for one in stale):
        desk.index.rebuild()
    if desk.index.is_kept:
        redact.scrub(desk)
    yield from (Mended(code=one.code, file=one.file, line=0) for one in (*rules, *stale))
