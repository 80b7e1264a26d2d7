"""Formats of a report: one file each, found by their place. A format draws; it decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from msptool.registry import Register
from msptool.report.document import Document


@dataclass(frozen=True)
class Format:
    """The name of the file in a report's folder, and the pure function that gives its bytes."""

    file: str
    render: Callable[[Document], bytes]


FORMATS: Register[Format] = Register("msptool.report.formats")
