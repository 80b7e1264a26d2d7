"""What git must know of a store: which files merge line by line, which never, which stay here.

`.gitattributes` as gitattributes(5) has it, as far as these rules need it: the last line that
matches decides; a pattern without a slash is of any folder.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msptool import files
from msptool.tickets.doctor.troubles import Trouble, trouble

ATTRIBUTES, IGNORE = ".gitattributes", ".gitignore"
# A file of each kind, its merge driver, and the rule that gives it.
_MERGED: Mapping[str, tuple[str, str]] = {
    "tickets/4K/ACME-4K7QX2-Y.jsonl": ("union", "/tickets/**/*.jsonl text eol=lf merge=union"),
    "tickets/receipts/01M8E09D000000000000000000.json": (
        "union", "/tickets/receipts/*.json text eol=lf merge=union",
    ),
    "tickets/attachments/ab/ab01": ("binary", "/tickets/attachments/** -text -merge -diff"),
    "client.yaml": ("", "*.yaml text eol=lf merge=text"),
    "assets/switch.yaml": ("", "*.yaml text eol=lf merge=text"),
    "evidence/files/0badf00d/000001.json": ("", "/evidence/** -text -merge"),
}  # fmt: skip
_IGNORED: Mapping[str, str] = {
    ".msptool/tickets.db": "/.msptool/",
    "tickets/quarantine/ab01": "/tickets/quarantine/",
    "secrets/restic-password": "/secrets/",
}


def look(root: Path) -> Iterator[Trouble]:
    """Yield the rules that are missing or overruled."""
    attributes, ignore = _text(root / ATTRIBUTES), _text(root / IGNORE)
    for name, (wanted, rule) in _MERGED.items():
        driver = merge_of(attributes, name)
        if wanted and driver != wanted:
            yield trouble("git-attributes", ATTRIBUTES, detail=rule)
        elif not wanted and driver == "union":
            yield trouble("git-union", ATTRIBUTES, detail=rule)
    for name, rule in _IGNORED.items():
        if not _is_ignored(ignore, name):
            yield trouble("git-ignore", IGNORE, detail=rule)


def mend(root: Path) -> None:
    """Add the missing rules at the end, where they overrule all others."""
    missing = list(look(root))
    for name in (ATTRIBUTES, IGNORE):
        rules = dict.fromkeys(one.detail for one in missing if one.file == name)
        if rules:
            before = _text(root / name)
            gap = "" if before.endswith("\n") or not before else "\n"
            files.write_text(root / name, before + gap + "".join(f"{one}\n" for one in rules))


def merge_of(attributes: str, name: str) -> str:
    """Return the merge driver of a file; "binary" where it is unset, "" where nothing says."""
    driver = ""
    for line in attributes.splitlines():
        pattern, *words = line.split() or ["#"]
        if pattern.startswith("#") or not _matches(pattern, name):
            continue
        for word in words:
            if word in ("-merge", "binary"):
                driver = "binary"
            elif word in ("merge", "!merge"):
                driver = ""
            elif word.startswith("merge="):
                driver = word.removeprefix("merge=")
    return driver


def _is_ignored(ignore: str, name: str) -> bool:
    ignored = False
    for line in map(str.strip, ignore.splitlines()):
        pattern = line.removeprefix("!").rstrip("/")
        if not pattern or line.startswith("#"):
            continue
        above = [name, *(str(folder) for folder in Path(name).parents if str(folder) != ".")]
        if any(_matches(pattern, one) for one in above):
            ignored = not line.startswith("!")
    return ignored


def _matches(pattern: str, name: str) -> bool:
    if "/" not in pattern.rstrip("/"):
        pattern = f"**/{pattern}"
    return re.fullmatch(_expression(pattern.lstrip("/")), name) is not None


def _expression(pattern: str) -> str:
    parts = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|/\*\*|\*\*|\*|\?)", pattern)
    return "".join(parts.get(piece, re.escape(piece)) for piece in pieces)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="surrogateescape")
    except (FileNotFoundError, IsADirectoryError):
        return ""
