"""Text of named elements in HTML or XML, without an XML reader: no DTD, no entity, no depth."""

import html
import re

_LONGEST_INPUT = 64 * 1024


def element(page: str, name: str) -> str:
    """Return the text of the first `<name>…</name>`, with any prefix; "" if it is not whole.

    Only what holds no further element is text.
    """
    found = re.search(
        rf"<(?:[A-Za-z][\w.-]{{0,20}}:)?{re.escape(name)}(?:\s[^<>]{{0,500}})?>([^<]{{0,2000}})"
        rf"</(?:[A-Za-z][\w.-]{{0,20}}:)?{re.escape(name)}\s*>",
        page[:_LONGEST_INPUT],
        re.IGNORECASE,
    )
    if found is None:
        return ""
    words = found[1]
    return " ".join(html.unescape(words).split())[:1024]
