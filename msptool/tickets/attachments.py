"""Files that hang on tickets: kept once under their SHA-256, `tickets/attachments/ab/abcdef…`.

What was attached is never opened, run or interpreted. A name came from outside: it is cleaned where
it is written, and once more where it would become a file's name.
"""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from msptool import escape, files
from msptool.errors import PartDone, Place, UsageError
from msptool.tickets import store
from msptool.tickets.acts import acting
from msptool.tickets.desk import Desk
from msptool.tickets.events import Attached, Pen
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace

FOLDER = "attachments"
NAME_BYTES = 200
_CHUNK_BYTES = 1 << 20
_LEAST_HASH = 8  # characters of a hash by which one may name an attachment


def path_of(workspace: Workspace, sha256: str) -> Path:
    """Return where the content of this hash lies."""
    return workspace.tickets / FOLDER / sha256[:2] / sha256


def attach(desk: Desk, ident: str, source: Path, *, pen: Pen, name: str = "") -> Ticket:
    """Keep a file's content and hang it on a ticket; raise UsageError for what is no file, or is
    larger than the profile allows. The caller opened the desk to write.
    """
    desk.read(ident)  # before anything is copied
    most = desk.profile.tickets.attachment_mib << 20
    sha256, size = _kept(desk.workspace, source, most)
    called = cleaned(name or source.name)

    def attached(ticket: Ticket) -> Attached:
        return Attached(**pen.mark(ticket.history), sha256=sha256, name=called, size_bytes=size)

    return acting.act(desk, ident, attached)


def _kept(workspace: Workspace, source: Path, most: int) -> tuple[str, int]:
    sha256, size = _read(source, most)
    path = path_of(workspace, sha256)
    if not is_whole(path, sha256):
        store.durable_folder(path.parent)
        files.write_pieces(path, _same(source, sha256))
    return sha256, size


def _read(source: Path, most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces(source):
        digest.update(piece)
        size += len(piece)
        if size > most:
            raise UsageError(
                "attachment.large", f"{source.name} is larger than {most >> 20} MiB",
                hint="tickets.attachment_mib in client.yaml allows more",
            )  # fmt: skip
    return digest.hexdigest(), size


def _same(source: Path, sha256: str) -> Iterator[bytes]:
    """Yield a file's content; raise UsageError, before it is in place, where it has changed."""
    digest = hashlib.sha256()
    for piece in pieces(source):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise UsageError(
            "attachment.changed", f"{source.name} changed while it was read",
            hint="attach it once nobody writes to it",
        )  # fmt: skip


def pieces(path: Path, *, follow: bool = True) -> Iterator[bytes]:
    """Yield a regular file's content; raise UsageError where it is none."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise _unreadable(path, error.strerror or "") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _unreadable(path, "not a file")
    with os.fdopen(handle, "rb", buffering=0) as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError("attachment.unreadable", f"cannot read {path.name or path}: {why}")


def is_whole(path: Path, sha256: str) -> bool:
    """Tell whether a file is there and has the content of its hash."""
    try:
        return hash_of(path) == sha256
    except UsageError:
        return False


def hash_of(path: Path) -> str:
    """Return a file's SHA-256, not following a link; raise UsageError where it is no file."""
    digest = hashlib.sha256()
    for piece in pieces(path, follow=False):
        digest.update(piece)
    return digest.hexdigest()


def find(ticket: Ticket, said: str) -> Attached:
    """Return what a person named: by its name, its id or the beginning of its hash. Raises
    UsageError where it is none or several.
    """
    found = {
        one.eid: one
        for one in ticket.attachments
        if said in (one.name, one.eid)
        or (len(said) >= _LEAST_HASH and one.sha256.startswith(said.lower()))
    }
    if not found:
        raise UsageError(
            "attachment.missing", f"{ticket.id} has no attachment {said[:40]!r}",
            hint=f"msptool tickets show {ticket.id}",
        )  # fmt: skip
    if len({one.sha256 for one in found.values()}) > 1:
        raise UsageError(
            "attachment.several", f"{said[:40]!r} names {len(found)} attachments",
            hint="say which: " + ", ".join(one.sha256[:12] for one in found.values()),
        )  # fmt: skip
    return next(reversed(found.values()))


def fetch(workspace: Workspace, wanted: Attached, to: Path) -> Path:
    """Write an attachment into a file, or into a folder under its own name; return where.

    Raises UsageError where its name would lead out of the folder or onto a file that is there, and
    PartDone where the content is gone or is not what was attached: then nothing is written.
    """
    target = to
    if to.is_dir():
        if cleaned(wanted.name) != wanted.name:
            raise UsageError(
                "attachment.name", f"{wanted.name[:40]!r} is no safe name for a file",
                hint="name the file yourself: -o FILE",
            )  # fmt: skip
        target = to / wanted.name
        if os.path.lexists(target):
            raise UsageError(
                "attachment.exists", f"{target} is there already", hint="name another: -o FILE"
            )
    files.write_pieces(target.resolve(), _whole(path_of(workspace, wanted.sha256), wanted.sha256))
    return target


def _whole(path: Path, sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        for piece in pieces(path, follow=False):
            digest.update(piece)
            yield piece
    except UsageError as error:
        raise _damaged(path, "is not there") from error
    if digest.hexdigest() != sha256:
        raise _damaged(path, "is not what was attached")


def _damaged(path: Path, why: str) -> PartDone:
    return PartDone(
        "attachment.damaged", f"the content of the attachment {why}",
        place=Place(file=str(path)),
        hint="another clone may have it: git pull, then msptool tickets fsck",
    )  # fmt: skip


def cleaned(name: str) -> str:
    """Return a name fit for a file: no folders, no hidden characters, at most 200 bytes."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(
        char for char in unicodedata.normalize("NFC", last) if escape.visible(char) == char
    )
    short = plain.encode(errors="ignore")[:NAME_BYTES].decode(errors="ignore")
    return short.strip().strip(".").strip() or "file"
