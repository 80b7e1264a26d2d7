"""Make untrusted text safe where it leaves: the terminal, a spreadsheet, a log line.

HTML is escaped by Jinja's autoescape; argv by never using a shell. Text is kept raw until then.
"""

import re
import unicodedata
from collections.abc import Sequence

# Cc: C0 and C1 controls; Cf: bidi overrides, zero-width, tags (Trojan Source); Cs, Co: surrogates
# and private use; Zl, Zp break lines in some terminals and logs.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# The wide forms count too: spreadsheets of East Asian locales read them as the narrow ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# What a line must not begin with: a journal takes `<3>` for a priority, a CI runner `::error` or
# `##[error]` for a command (systemd sd-daemon(3); GitHub's workflow commands).
_LINE_COMMAND = re.compile(r"\s*(::|##\[|<\d)")


def visible(text: str) -> str:
    r"""Return text for a terminal: control and format characters as `\xNN`, `\uNNNN` …"""
    if text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def json(text: str) -> str:
    r"""Return JSON for a terminal: hidden characters as `\uNNNN`, which reads back as they were."""
    if text.isprintable():
        return text
    return "".join(char if char < " " else _json_shown(char) for char in text)


def _json_shown(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def cell(text: str) -> str:
    """Return text for CSV: one that a spreadsheet would run as a formula gets an apostrophe.

    Source: OWASP, CSV Injection.
    """
    risky = text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if risky else text


def line_start(text: str) -> str:
    """Return untrusted text fit to begin a line: not as a command to a journal or a CI runner."""
    return f"\\{text}" if _LINE_COMMAND.match(text) else text


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    flat = visible(text)
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|~&=:@" else char for char in flat)


# Keys whose values are secrets, also mistyped: a message that quotes a profile's line must not
# say a password that somebody wrote into it.
_SECRET_PARTS = (
    "pass", "pw", "psw", "secret", "token", "communit", "credential", "apikey", "snmp",
    "парол", "секрет", "ключ", "parol",
)  # fmt: skip
_SECRET_WORDS = ("password", "passphrase", "community", "secret", "token", "пароль", "секрет")
_KEY = re.compile(r"""["']?([\w-]+)["']?\s*:(?:\s+|$)""")
_NO_SECRET = re.compile(r"""["']?(env|file|command):|[|>\[{]?\s*$""")
_CREDENTIALS = re.compile(r"snmp.*:\s*\[?\s*\{", re.IGNORECASE)
_ONE_REFERENCE = re.compile(r"""\s*(- +)*\{?\s*[\w-]+\s*:\s+["']?(env|file|command):[^,]*""")
_QUOTED_CHARS = 300
_URL_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s]*@")


def quotable(lines: Sequence[str], number: int) -> str:
    """Return a profile's line (counted from 1) as a message may quote it: without inline secrets.

    "" where there is no such line, or where nothing of it may be shown.
    """
    if not 0 < number <= len(lines):
        return ""
    line = _URL_PASSWORD.sub(r"\1[hidden]@", lines[number - 1][:_QUOTED_CHARS])
    if _under_secret(lines, number) and not _ONE_REFERENCE.fullmatch(line):
        return ""
    for key in _KEY.finditer(line):
        harmless = _NO_SECRET.match(line, key.end()) or _CREDENTIALS.match(line, key.start())
        if _names_secret(key[1]) and not harmless:
            return f"{line[: key.end()]}[hidden]"
    return line


def _under_secret(lines: Sequence[str], number: int) -> bool:
    """Whether a key further up, of which this line is a part, names a secret."""
    depth = _depth(lines[number - 1])
    for line in reversed(lines[: number - 1]):
        if line.strip() and _depth(line) < depth:
            depth = _depth(line)
            if any(_names_secret(key[1]) for key in _KEY.finditer(line[:_QUOTED_CHARS])):
                return True
    return False


def _depth(line: str) -> float:
    """Return a line's indentation; a list item lies deeper than a key in the same column."""
    bare = line.lstrip()
    return len(line) - len(bare) + (0.5 if bare.startswith("- ") else 0)


def _names_secret(key: str) -> bool:
    from difflib import get_close_matches

    word = key.lower().replace("_", "").replace("-", "")
    return any(part in word for part in _SECRET_PARTS) or bool(
        get_close_matches(word, _SECRET_WORDS, n=1, cutoff=0.75)
    )
