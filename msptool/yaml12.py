"""YAML as its 1.2 core schema means it, with the place of every key.

PyYAML resolves as YAML 1.1: `12:34:56` becomes a number, `no` becomes false, of a key given twice
the last wins, and a 421-byte merge bomb costs 99 s. So its parser is used and its constructor is
not: aliases, tags, merge keys and repeated keys are refused before anything is built.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from msptool.errors import Place, ProfileError

if TYPE_CHECKING:
    import yaml

LIMIT_BYTES = 1024 * 1024
DEPTH_LIMIT = 24
Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "str | int | float | bool | None | list[Value] | dict[str, Value]"

# https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+")
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
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(self.file, line, column, dotted(path), source)


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
        raise ProfileError("profile.yaml", f"not YAML: {error}", place=Place(file)) from error
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
    """Refuse aliases, tags and deep nesting while they are still events and cost nothing."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise _refused("profile.alias", "aliases (*name) are not allowed", file, line, lines)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _refused("profile.tag", "tags (!name) are not allowed", file, line, lines)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise _refused("profile.deep", "nested too deeply", file, line, lines)


def _refused(code: str, message: str, file: str, line: int, lines: tuple[str, ...]) -> ProfileError:
    source = lines[line - 1] if line <= len(lines) else ""
    return ProfileError(
        code, message, place=Place(file, line, 1, source=source), hint="write the value out"
    )


def _broken(error: "yaml.MarkedYAMLError", file: str, lines: tuple[str, ...]) -> ProfileError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    return ProfileError(
        "profile.yaml", f"not YAML: {error.problem}", place=Place(file, line, column, "", source)
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
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                raise _refused(
                    "profile.key", "a key must be a plain word", self._file, line, self._lines
                )
            if key.value in built:
                raise _refused(
                    "profile.twice", f"{key.value} is given twice", self._file, line, self._lines
                )
            self._note(key, (*path, key.value))
            built[key.value] = self.value(value, (*path, key.value))
        return built

    def _note(self, node: "yaml.Node", path: Path) -> None:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)


def scalar(text: str, *, quoted: bool = False) -> str | int | float | bool | None:
    """Return a scalar as YAML 1.2's core schema resolves it; quoted ones stay text."""
    if quoted:
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text) and len(text) < 19:
        return int(text)
    if _FLOAT.fullmatch(text) and not _INT.fullmatch(text):
        return float(text)
    return text
