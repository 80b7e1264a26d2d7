r"""Which files a job's excludes drop: restic's own pattern language, so that our walk sees what
restic is asked to save and nothing else.

Source: restic's manual, "Excluding Files", and Go's filepath.Match. A pattern is cut at slashes;
its parts must match as many neighbouring parts of the absolute path, anywhere in it, or from the
root if it begins with a slash; what lies below a match is dropped too. `*`, `?` and `[...]` stay
within a part, `**` spans any number of parts, `\` takes the next character as it is, a leading
`!` takes back what an earlier pattern dropped (not below a dropped folder: it is not entered).
"""

import posixpath
import re
from collections.abc import Iterable

from msptool.errors import ProfileError


class Excludes:
    """The excludes of a job, in their order."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [
            (_compiled(p.removeprefix("!")), not p.startswith("!")) for p in patterns if p
        ]

    def drops(self, path: str) -> bool:
        """Tell whether an absolute path is dropped."""
        dropped = False
        for rule, drop in self._rules:
            if dropped != drop and rule.match(path):
                dropped = drop
        return dropped


def naming(path: str, patterns: Iterable[str]) -> str:
    """Return the first of the patterns that drops a path; "" if none does or it cannot be read."""
    for pattern in patterns:
        try:
            if Excludes([pattern]).drops(path):
                return pattern
        except ProfileError:
            continue
    return ""


def _compiled(pattern: str) -> re.Pattern[str]:
    clean = posixpath.normpath(pattern)
    rooted = clean.startswith("/")
    parts = [part for part in clean.split("/") if part]
    while parts and parts[-1] == "**":
        parts.pop()
    if not parts:
        return re.compile(".", re.DOTALL)
    text = "^/" if rooted else "(?:^|.*/)"
    for at, part in enumerate(parts):
        if part == "**":
            text += "(?:[^/]+/)*"
        else:
            text += _part(part, pattern) + ("/" if at < len(parts) - 1 else "")
    return re.compile(text + r"(?:/.*)?\Z", re.DOTALL)


def _part(part: str, whole: str) -> str:
    """Return one part of a pattern as a regular expression."""
    text, at = "", 0
    while at < len(part):
        char = part[at]
        at += 1
        if char == "*":
            text += "[^/]*"
        elif char == "?":
            text += "[^/]"
        elif char == "[":
            found, at = _class(part, at, whole)
            text += found
        elif char == "\\":
            found, at = _taken(part, at - 1, whole)
            text += re.escape(found)
        else:
            text += re.escape(char)
    return text


def _class(part: str, at: int, whole: str) -> tuple[str, int]:
    """Return a character class that begins after its bracket, and where it ends."""
    negated = part.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while not (ranges and part.startswith("]", at)):
        low, at = _member(part, at, whole)
        high = low
        if part.startswith("-", at):
            high, at = _member(part, at + 1, whole)
        ranges.append((low, high))
    inner = "".join(f"{re.escape(a)}-{re.escape(b)}" for a, b in ranges if a <= b)
    if not inner:
        return ("[^/]" if negated else "(?!)"), at + 1
    return f"(?!/)[{'^' if negated else ''}{inner}]", at + 1


def _member(part: str, at: int, whole: str) -> tuple[str, int]:
    if part[at : at + 1] in ("", "-", "]"):
        raise _bad(whole)
    return _taken(part, at, whole)


def _taken(part: str, at: int, whole: str) -> tuple[str, int]:
    r"""Return the character at a place, past a `\` before it, and where it ends."""
    at += part.startswith("\\", at)
    if at >= len(part):
        raise _bad(whole)
    return part[at], at + 1


def _bad(pattern: str) -> ProfileError:
    return ProfileError(
        "backup.exclude",
        f"restic cannot read the exclude {pattern!r}",
        hint="[ needs its ], and a backslash something after it",
    )
