r"""Names of files as they are: bytes on disk, text in us, and a written form that JSON can hold.

In us a name is text in which each byte that is no UTF-8 stands as a lone surrogate (PEP 383),
whatever the locale. Written, such a byte is `\xHH` and a backslash is `\\`: reversible, and the
same in manifests, evidence and findings.
"""

import re
from urllib.parse import quote, unquote

_ESCAPED = re.compile(r"\\(\\|x[0-9a-f]{2})")


def text(raw: bytes) -> str:
    """Return a name as text."""
    return raw.decode("utf-8", "surrogateescape")


def raw(name: str) -> bytes:
    """Return a name as the bytes that stand on disk."""
    return name.encode("utf-8", "surrogateescape")


def written(name: str) -> str:
    """Return the form that JSON can hold."""
    if name.isascii() and "\\" not in name:
        return name
    return "".join(_written(char) for char in name)


def _written(char: str) -> str:
    if char == "\\":
        return "\\\\"
    number = ord(char)
    return f"\\x{number - 0xDC00:02x}" if 0xDC80 <= number <= 0xDCFF else char


def read(form: str) -> str:
    """Return the name that a written form stands for."""
    return _ESCAPED.sub(_read, form) if "\\" in form else form


def _read(found: re.Match[str]) -> str:
    return "\\" if found[1] == "\\" else chr(0xDC00 + int(found[1][1:], 16))


def safe(name: str) -> str:
    """Return a job's name fit for a folder and for a restic tag: no separator, dot or comma."""
    return quote(name, safe=" ").replace(".", "%2E")


def unsafe(name: str) -> str:
    """Return the job that `safe` made a name of."""
    return unquote(name)
