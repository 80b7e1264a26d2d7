"""Read a tar as it flows by: names, kinds and SHA-256 of what it holds, nothing is written. Pure.

For the tar that restic writes (Go's archive/tar: ustar with pax headers, POSIX.1-2001) and what
its kin write (GNU long names). Untrusted: names and pax headers are bounded, content is hashed
and never kept, a header that is none is refused. Names are text with lone surrogates (see names).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from msptool.backup import names
from msptool.backup.walk import Kind

_BLOCK = 512
_MOST_HEADER_BYTES = 1 << 20
_KINDS: dict[bytes, Kind] = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"2": "link",
    b"5": "folder",
}
_EXTENDED = {b"x": "", b"g": "", b"L": "path", b"K": "linkpath"}  # of the next member


class MalformedError(ValueError):
    """What flows by is no tar."""


@dataclass(frozen=True)
class Member:
    """Something in a tar; `name` is absolute."""

    name: str
    kind: Kind
    size_bytes: int
    target: str = ""
    sha256: str = ""


class Reader:
    """Takes a tar piece by piece and tells each member when it is whole."""

    def __init__(self, on_member: Callable[[Member], None]) -> None:
        self._on_member = on_member
        self._block = bytearray()
        self._member: Member | None = None
        self._extended: bytes | None = None
        self._text = bytearray()
        self._next: dict[str, bytes] = {}
        self._hash = hashlib.sha256()
        self._left = self._padding = 0

    @property
    def cut(self) -> Member | None:
        """The member whose content has not wholly come yet."""
        return self._member

    def feed(self, data: bytes) -> None:
        """Take the next bytes; raise MalformedError if they are no tar."""
        view = memoryview(data)
        while view:
            if self._left:
                view = self._content(view)
            elif self._padding:
                skipped = min(self._padding, len(view))
                self._padding -= skipped
                view = view[skipped:]
            else:
                wanted = _BLOCK - len(self._block)
                self._block += view[:wanted]
                view = view[wanted:]
                if len(self._block) == _BLOCK:
                    block, self._block = bytes(self._block), bytearray()
                    self._header(block)

    def _content(self, view: memoryview) -> memoryview:
        piece = view[: self._left]
        if self._extended is not None:
            self._text += piece
        else:
            self._hash.update(piece)
        self._left -= len(piece)
        if not self._left:
            self._whole()
        return view[len(piece) :]

    def _header(self, block: bytes) -> None:
        if not block.strip(b"\0"):  # the end, or what fills the last record
            return
        if sum(block) - sum(block[148:156]) + 8 * 32 != _octal(block[148:156]):
            raise MalformedError("the checksum of a header is wrong")
        size, flag = _number(block[124:136]), block[156:157]
        if flag in _EXTENDED:
            self._begin_extended(flag, size)
        else:
            self._begin(block, flag, size)
        self._padding = -self._left % _BLOCK
        if not self._left:
            self._whole()

    def _begin_extended(self, flag: bytes, size: int) -> None:
        if size > _MOST_HEADER_BYTES:
            raise MalformedError("a header of more than a MiB")
        self._extended, self._text, self._left = flag, bytearray(), size

    def _begin(self, block: bytes, flag: bytes, size: int) -> None:
        said, self._next = self._next, {}
        kind = _KINDS.get(flag, "other")
        if "size" in said:
            size = _decimal(said["size"])
        name = said.get("path") or _ustar_name(block)
        target = said.get("linkpath") or _text(block[157:257])
        self._left = size if kind == "file" else 0
        self._hash = hashlib.sha256()
        self._member = Member(
            "/" + names.text(name).strip("/"),
            kind,
            self._left,
            names.text(target) if kind == "link" else "",
        )

    def _whole(self) -> None:
        if self._extended is not None:
            told = _EXTENDED[self._extended]
            if told:
                self._next[told] = bytes(self._text).rstrip(b"\0")
            elif self._extended == b"x":
                self._next |= _records(bytes(self._text))
            self._extended = None
            return
        member, self._member = self._member, None
        if member is not None:
            sha256 = self._hash.hexdigest() if member.kind == "file" else ""
            self._on_member(
                Member(member.name, member.kind, member.size_bytes, member.target, sha256)
            )


def _ustar_name(block: bytes) -> bytes:
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else b""
    name = _text(block[:100])
    return prefix + b"/" + name if prefix else name


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _number(field: bytes) -> int:
    """Return a size: octal, or, with the first bit set, in base 256 (GNU, star)."""
    if field[0] & 0x80:
        if field[0] != 0x80:
            raise MalformedError("a size below nothing or beyond all")
        return int.from_bytes(field[1:], "big")
    return _octal(field)


def _octal(field: bytes) -> int:
    text = field.strip(b"\0 ")
    try:
        return int(text, 8) if text else 0
    except ValueError:
        raise MalformedError("a number of a header is none") from None


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 20:
        raise MalformedError("a size of a pax header is none")
    return int(text)


def _records(text: bytes) -> dict[str, bytes]:
    """Return the records of a pax header: "LENGTH KEY=VALUE\\n", the length counting itself."""
    found: dict[str, bytes] = {}
    while text:
        length, blank, _ = text.partition(b" ")
        if not blank or not length.isdigit() or len(length) > 8 or int(length) > len(text):
            raise MalformedError("a record of a pax header is none")
        record, text = text[len(length) + 1 : int(length)], text[int(length) :]
        key, _, value = record.removesuffix(b"\n").partition(b"=")
        if int(length) <= len(length) + 1:
            raise MalformedError("a record of a pax header is none")
        if key in (b"path", b"linkpath", b"size"):
            found[key.decode()] = value
    return found
