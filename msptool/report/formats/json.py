"""JSON: the document itself, for programs; reading it back gives an equal document."""

from msptool.report import document
from msptool.report.formats import FORMATS, Format

FORMATS.add("json")(Format("report.json", document.encode))
