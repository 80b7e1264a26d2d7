"""What no name tells: scalars of the maker's own that look like a serial, a version or a model.

Measured over recordings of real devices, their families unread (docs/decisions/0050): of 60 serials
that alone looked so in their maker's branch, none was wrong; with columns, hyphens or fewer signs
three to five were.
"""

import itertools
import re
from collections.abc import Iterator

from msptool.audit import mib
from msptool.audit.mib import Rows
from msptool.audit.tables import Role
from msptool.audit.vendors import AGENTS

_FIRST = 60  # scalars: what a device is stands before what it does
_LONGEST_MODEL = 30
_VERSION = re.compile(
    r"(?:version |fw |sw |ver\.? ?|rev\.? ?|[vr])?\d{1,4}(?:\.\d{1,5}){1,4}[\w.\-]{0,20}\Z", re.I
)
_ADDRESS = re.compile(r"(?:0|[1-9]\d{1,2})(?:\.\d{1,3}){3}\Z")
_SERIAL = re.compile(  # letters and digits, no MAC; or digits alone, no date
    r"(?=(?:.*\d){6})(?=.*[A-Z])(?![0-9A-F]{12}\Z)[A-Z0-9]{9,24}\Z"
    r"|(?!(?:19|20)\d\d[01]\d[0-3]\d)\d{9,16}\Z"
)
_MODEL = re.compile(
    r"(?=.*[A-Z])(?=.*\d)(?![0-9A-F]{12}\Z)[A-Za-z][\w/+-]*(?:[ -][\w/+.-]+){0,3}\Z"
)


def makers(rows: Rows) -> tuple[str, ...]:
    """Return the branches of a device's maker: below its own number or, where its agent is of no
    maker's, below whichever it answers; with a dot at the end.
    """
    own = mib.enterprise(rows)
    if own is not None and own not in AGENTS:
        return (f"{mib.ENTERPRISES}{own}.",)
    others = sorted(mib.answered(rows).difference(AGENTS))
    return tuple(f"{mib.ENTERPRISES}{number}." for number in others)


def all_of(rows: Rows) -> Iterator[tuple[Role, str, float]]:
    """Yield field, value and belief; a serial only if one alone looks so: other things do, too."""
    serials: set[str] = set()
    for nth, value in _scalars(rows):
        if _VERSION.match(value) and not _ADDRESS.match(value):
            yield "version", value, 0.38 - nth / 1000
        elif _SERIAL.match(value):
            serials.add(value)
        elif len(value) < _LONGEST_MODEL and _MODEL.match(value):
            yield "model", value, 0.28 - nth / 1000
    if len(serials) == 1:
        yield "serial", serials.pop(), 0.3


def _scalars(rows: Rows) -> Iterator[tuple[int, str]]:
    """Yield the first texts of each of the maker's branches, with how many stand before."""
    for branch in makers(rows):
        own = (oid for oid in rows if oid.startswith(branch) and oid.endswith(".0"))
        yield from enumerate(mib.text(rows, oid) for oid in itertools.islice(own, _FIRST))
