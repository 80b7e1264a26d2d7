"""What every report format must bear: names from the network that would break or inject."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from msptool.model import Thing
from msptool.report import document
from msptool.report.document import Document
from msptool.report.formats import FORMATS
from tests.unit.report import sample

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style></svg></title><iframe src=javascript:alert(1)>",
    "{{7*7}}{% for x in y %}${7*7}#{7*7}",
    "=HYPERLINK(\"http://evil.example\")",
    "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x00\x08\r\n\t",
    "\u202eexe.piz\u2066\u200b\ufeff\u2028",
    "]]>&amp;&#0;<![CDATA[<!--",
    "ООО «Ромашка» \"&' й\u0306 世界 🖨",
    "\ufffe\uffff",
    "a" * 3000,
    "",
)  # fmt: skip
# What a device, a file, a person or a foreign line may put into a document. Ids of runs, kinds and
# outcomes come from closed lists and are refused when the seam is read.
FREE = {
    "name", "part", "thing", "id", "check", "category", "source", "vantage", "authorised_by", "by",
    "reason", "state", "priority", "title", "a", "b", "a_port", "b_port", "job", "run",
    "importance",
}  # fmt: skip
LISTS = {"addresses", "networks", "exclude", "standards", "aliases", "unsure"}
WORDS = {"title", "titles", "message", "remedy"}


def poisoned(joined: Document, text: str) -> Document:
    """Return the document with a text put into every place that is not from a closed list."""
    return msgspec.convert(_walk(msgspec.to_builtins(joined), text), Document)


def _walk(value: Any, text: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return _walk_mapping(value, text, key)
    if isinstance(value, list | tuple):
        return [_walk(inner, text, "name" if key in LISTS else key) for inner in value]
    if isinstance(value, str) and key in FREE:
        return text + value
    return value


def _walk_mapping(value: dict[str, Any], text: str, key: str) -> dict[str, Any]:
    if key == "tools":
        return {text + tool: text for tool in value}
    if key in WORDS or key == "facts":
        return {n: text + v if isinstance(v, str) else v for n, v in value.items()}
    return {name: _walk(inner, text, name) for name, inner in value.items()}


Tree = list[tuple[str, tuple[str, ...]]]


class Shape(HTMLParser):
    """The tags and the names of their attributes, and every value that could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Tree = []
        self.targets: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.targets += [v or "" for name, v in attrs if name in ("href", "src", "style", "action")]

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def html_shape(data: bytes) -> Tree:
    shape = Shape()
    shape.feed(data.decode())
    assert not {"script", "iframe", "img", "object", "form"} & {tag for tag, _ in shape.tags}
    assert not [name for _, names in shape.tags for name in names if name.startswith("on")]
    assert all(re.fullmatch(r"#[\w-]+", target) for target in shape.targets)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", data.decode()
    )
    return [tag for tag in shape.tags if tag[0] not in ("br",)]


def xml_shape(data: bytes) -> Tree:
    root = ElementTree.fromstring(data)  # noqa: S314 - our own output
    return [(element.tag, tuple(element.attrib)) for element in root.iter()]


def json_shape(data: bytes) -> Tree:
    assert b"\x1b" not in data
    json.loads(data)
    return []


SHAPES: dict[str, Callable[[bytes], Tree]] = {
    "report.html": html_shape,
    "report.json": json_shape,
    "junit.xml": xml_shape,
}


def test_every_format_is_held_to_the_suite() -> None:
    assert {form.file for form in FORMATS} == set(SHAPES)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_changes_no_structure(text: str) -> None:
    joined = sample.document()
    hostile, harmless = poisoned(joined, text), poisoned(joined, "z" if text else "")
    for form in FORMATS:
        shape = SHAPES[form.file]
        assert shape(form.render(hostile)) == shape(form.render(harmless)), form.file


def test_html_shows_the_hostile_text_as_text() -> None:
    shape = Shape()
    html = next(form for form in FORMATS if form.file == "report.html")
    shape.feed(html.render(poisoned(sample.document(), "<b>{{7*7}}\x1b")).decode())
    shown = "".join(shape.shown)
    assert "<b>{{7*7}}\\x1bsw-core" in shown
    assert "49" not in re.findall(r"<b>(\d+)", shown)


def test_json_reads_back_equal() -> None:
    for text in HOSTILE:
        joined = poisoned(sample.document(), text)
        assert document.decode(document.encode(joined)) == joined


def test_ten_thousand_names() -> None:
    joined = sample.document()
    audit = joined.reports()["audit"]
    many = tuple(
        Thing(id=f"id-{n}", kind="asset", name=f"{HOSTILE[n % 11]}{n}", facts={"type": "server"})
        for n in range(10_000)
    )
    part = msgspec.structs.replace(
        joined.parts[0], report=msgspec.structs.replace(audit, things=(*audit.things, *many))
    )
    crowded = msgspec.structs.replace(joined, parts=(part, *joined.parts[1:]), languages=("ru",))
    for form in FORMATS:
        data = form.render(crowded)
        SHAPES[form.file](data)
        assert len(data) < 12 * 1024 * 1024, form.file
