"""YAML as its 1.2 core schema means it, with the place of every key.

PyYAML resolves as YAML 1.1: `12:34:56` becomes a number, `no` becomes false, of a key given twice
the last wins, and a 421-byte merge bomb costs 99 s. So its parser is used and its constructor is
not: aliases, tags, merge keys and repeated keys are refused before anything is built.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from msptool.errors import Place, ProfileError
from msptool.escape import quotable

if TYPE_CHECKING:
    import yaml

LIMIT_BYTES = 1024 * 1024
# A value costs some 5 microseconds, so this keeps the most hostile file under 0.2 s.
LIMIT_VALUES = 20_000
DEPTH_LIMIT = 24
Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "str | int | float | bool | None | list[Value] | dict[str, Value]"

# https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = {"0o": (re.compile(r"0o[0-7]+"), 8), "0x": (re.compile(r"0x[0-9a-fA-F]+"), 16)}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Document:
    """What a file says, and where: lines and columns of keys (and list items), from 1."""

    data: dict[str, Value]
    places: Mapping[Path, tuple[int, int]]
    lines: tuple[str, ...]
    file: str

    def place(self, path: Path) -> Place:
        """Return where a key stands; a key that is not there gives the nearest one above it."""
        known = path
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (0, 0))
        return Place(self.file, line, column, dotted(path), quotable(self.lines, line))


def dotted(path: Path) -> str:
    """Return `scope.networks[0]` for a path."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def load(data: bytes, *, file: str) -> Document:
    """Return the mapping a YAML file holds; raise ProfileError with the place otherwise."""
    import yaml

    text = _decoded(data, file)
    lines = tuple(text.splitlines())
    try:
        _refuse_tricks(text, file, lines)
        root = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        raise _broken(error, file, lines) from error
    except yaml.YAMLError as error:
        raise _unprintable(error, text, file) from error
    reader = _Reader(file, lines)
    value = reader.value(root, ()) if root is not None else None
    if not isinstance(value, dict):
        what = "the file is empty" if value is None else "the file must be a mapping of keys"
        raise ProfileError(
            "profile.empty", what, place=Place(file), hint="msptool init writes one to start from"
        )
    return Document(value, reader.places, lines, file)


def _decoded(data: bytes, file: str) -> str:
    if len(data) > LIMIT_BYTES:
        raise ProfileError(
            "profile.too-large", f"larger than {LIMIT_BYTES} bytes", place=Place(file)
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ProfileError(
            "profile.encoding", "not UTF-8", place=Place(file, line), hint="save it as UTF-8"
        ) from error


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_tricks(text: str, file: str, lines: tuple[str, ...]) -> None:
    """Refuse aliases, tags, deep nesting and floods while they are events and cost nothing."""
    import yaml

    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_loader())):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        refused = _TRICKS.get(_trick(event, depth, count))
        if refused:
            raise _refused(refused, event.start_mark, file, lines)


_TRICKS = {
    "alias": ("profile.alias", "aliases (*name) are not allowed", "write the value out"),
    "tag": ("profile.tag", "tags (!name) are not allowed", "write the value without it"),
    "deep": ("profile.deep", f"nested more than {DEPTH_LIMIT} deep", "no key needs that"),
    "flood": ("profile.too-large", f"more than {LIMIT_VALUES} values", "no profile needs that"),
}


def _trick(event: "yaml.Event", depth: int, count: int) -> str:
    import yaml

    if isinstance(event, yaml.AliasEvent):
        return "alias"
    if getattr(event, "tag", None) is not None:
        return "tag"
    if depth > DEPTH_LIMIT:
        return "deep"
    return "flood" if count > LIMIT_VALUES else ""


def _refused(
    told: tuple[str, str, str], mark: Any, file: str, lines: tuple[str, ...]
) -> ProfileError:
    code, message, hint = told
    place = Place(file, mark.line + 1, mark.column + 1, source=quotable(lines, mark.line + 1))
    return ProfileError(code, message, place=place, hint=hint)


def _broken(error: "yaml.MarkedYAMLError", file: str, lines: tuple[str, ...]) -> ProfileError:
    mark = error.problem_mark or error.context_mark
    if mark and mark.line >= len(lines):  # the end of the file: say where it began
        mark = error.context_mark or mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return ProfileError(
        "profile.yaml",
        f"not YAML: {error.problem}",
        place=Place(file, line, column, "", quotable(lines, line)),
        hint="values with : # { [ or quotes in them need quotes around them; no tabs",
    )


def _unprintable(error: "yaml.YAMLError", text: str, file: str) -> ProfileError:
    """Return the error for a character that YAML does not allow; it tells only an offset."""
    before = text[: getattr(error, "position", 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return ProfileError(
        "profile.yaml", "a control character cannot stand here", place=Place(file, line, column)
    )


class _Reader:
    """Builds plain values from composed nodes and notes where each key stands."""

    def __init__(self, file: str, lines: tuple[str, ...]) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self._file = file
        self._lines = lines

    def value(self, node: "yaml.Node", path: Path) -> Value:
        import yaml

        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, at)) for at, item in enumerate(node.value)]
        return scalar(node.value, quoted=bool(getattr(node, "style", None)))

    def _item(self, node: "yaml.Node", path: Path) -> Value:
        self._note(node, path)
        return self.value(node, path)

    def _mapping(self, node: "yaml.MappingNode", path: Path) -> Value:
        import yaml

        built: dict[str, Value] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                raise self._refused(("profile.key", "a key must be a plain word", ""), key)
            # An editor's й may be one character or two; the key must be the same.
            name = unicodedata.normalize("NFC", key.value)
            if name in built:
                what = f"{dotted((*path, name))} is given twice"
                raise self._refused(("profile.twice", what, "keep one of them"), key)
            self._note(key, (*path, name))
            built[name] = self.value(value, (*path, name))
        return built

    def _refused(self, told: tuple[str, str, str], node: "yaml.Node") -> ProfileError:
        return _refused(told, node.start_mark, self._file, self._lines)

    def _note(self, node: "yaml.Node", path: Path) -> None:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)


def scalar(text: str, *, quoted: bool = False) -> str | int | float | bool | None:
    """Return a scalar as YAML 1.2's core schema resolves it; quoted ones stay text.

    Two departures: a whole number of more than 18 digits, and the infinities and NaN, stay text:
    nothing in a profile is counted so high, and no threshold can be compared with NaN.
    """
    if quoted:
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    pattern, base = _BASED.get(text[:2], (_INT, 10))
    if pattern.fullmatch(text):
        return text if len(text) > 18 else int(text, base)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
