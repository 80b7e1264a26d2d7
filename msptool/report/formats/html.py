"""HTML: one file that needs no network and no scripts, every language inside.

Two radio buttons and CSS choose the language, so that it works in mail clients and print, too.
Everything that comes from outside is escaped by Jinja and made visible here; nothing from outside
becomes a URL, a style or a name of an element.
"""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msptool import shipped
from msptool.escape import visible
from msptool.report import page
from msptool.report.document import Document
from msptool.report.formats import FORMATS, Format
from msptool.report.i18n import Tongue

if TYPE_CHECKING:
    from jinja2 import Environment


def render(document: Document) -> bytes:
    """Return the document as a page in each of its languages."""
    tongues = [Tongue(code, ZoneInfo(document.zone)) for code in document.languages]
    pages = [page.page(document, tongue) for tongue in tongues]
    return environment().get_template("report.html.j2").render(pages=pages).encode()


def environment() -> "Environment":
    """Return Jinja with escaping on for every template: its own rule misses `.html.j2`."""
    import jinja2

    return jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        loader=jinja2.FileSystemLoader(shipped.folder("templates") / "report"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalize(value: object) -> object:
    """Show control and direction characters, which escaping leaves in; line breaks stay."""
    if type(value) is not str:  # Markup is our own templates' output, escaped already
        return value
    return "\n".join(visible(line) for line in value.split("\n"))


FORMATS.add("html")(Format("report.html", render))
