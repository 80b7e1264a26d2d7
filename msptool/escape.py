"""Make untrusted text safe where it leaves: the terminal, a spreadsheet, a log line.

HTML is escaped by Jinja's autoescape; argv by never using a shell. Text is kept raw until then.
"""

import unicodedata

# Cc: C0 and C1 controls; Cf: bidi overrides, zero-width, tags (Trojan Source); Cs, Co: surrogates
# and private use; Zl, Zp break lines in some terminals and logs.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    r"""Return text for a terminal: control and format characters as `\xNN` or `\uNNNN`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def cell(text: str) -> str:
    """Return text for CSV: one that a spreadsheet would run as a formula gets an apostrophe.

    Source: OWASP, CSV Injection.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    flat = visible(text)
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|" else char for char in flat)
