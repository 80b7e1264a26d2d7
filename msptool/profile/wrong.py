"""What is wrong with a value: msgspec's complaint as a place in the file and words for people."""

import difflib
import re
import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from msptool import yaml12
from msptool.errors import ProfileError
from msptool.profile.shape import Name, Profile, SecretRef
from msptool.yaml12 import Document, Value

_WORDS = {
    "object": "a mapping of keys",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}
_SECRET = "a secret must be a reference: env:NAME, file:PATH or command:PROGRAM"  # noqa: S105


def value(
    error: msgspec.ValidationError, data: dict[str, Value], document: Document
) -> ProfileError:
    """Return the error that says which value is wrong, where, and what may stand there."""
    what, _, where = str(error).partition(" - at `")
    key_itself = where.startswith("key` in `")
    path = _located((*_path(where.rstrip("`")), *(["..."] if key_itself else [])), data)
    missing = re.fullmatch(r"Object missing required field `(\w+)`", what)
    if missing:
        path = (*path, missing[1])
    shape = Name if key_itself else _shape(path)
    choices = typing.get_args(_bare(shape)) if _is_choice(shape) else ()
    said = "this key is missing" if missing else _said(what, shape)
    return ProfileError(
        "profile.missing-key" if missing else "profile.value",
        f"{yaml12.dotted(path)}: {said}",
        place=document.place(path),
        hint=_hint(shape, choices),
        nearest=_near(_at(data, path), choices),
    )


def unknown(data: Value, shape: Any, path: yaml12.Path) -> Iterator[tuple[yaml12.Path, Any]]:
    """Yield each key that the shape does not have, with the keys it does have."""
    shape = _bare(shape)
    if isinstance(data, dict):
        fields = _fields(shape)
        for key, inner in data.items():
            if fields and key not in fields:
                yield (*path, key), tuple(fields)
            else:
                yield from unknown(inner, _inner(shape, key), (*path, key))
    elif isinstance(data, list):
        for at, inner in enumerate(data):
            yield from unknown(inner, _inner(shape, at), (*path, at))


def nearest(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known words that a mistyped one may have meant, best first."""
    return tuple(difflib.get_close_matches(word, known, n=2, cutoff=0.6))


_TOLD = {
    "Invalid RFC3339 encoded date": "not a date",
    "with a timezone component": "this time has no time zone",
    "matching regex": "not of the form that is needed here",
    "of length >= 1": "must not be empty",
}


def _said(what: str, shape: Any) -> str:
    """Return msgspec's words as ours; a secret's value is in none of them."""
    if shape is SecretRef or SecretRef in typing.get_args(shape):
        return _SECRET
    choice = re.fullmatch(r"Invalid enum value (.*)", what)
    if choice:
        return f"{choice[1]} is not known here"
    told = next((told for part, told in _TOLD.items() if part in what), None)
    if told is not None:
        return told
    said = re.sub(r"`(\w+)`", lambda word: _WORDS.get(word[1], word[1]), what)
    quoting = (
        "; put it in quotes" if re.match("Expected `str`, got `(int|float|bool)", what) else ""
    )
    return said[:1].lower() + said[1:] + quoting


_FORMS = {"date": "2030-12-31", "datetime": "2030-12-31T20:00:00+03:00"}


def _hint(shape: Any, choices: tuple[Any, ...]) -> str:
    if choices:
        return f"known here: {', '.join(str(choice) for choice in choices)}"
    if form := _FORMS.get(getattr(_bare(shape), "__name__", "")):
        return f"write it as {form}"
    told = [getattr(meta, "description", None) for meta in getattr(shape, "__metadata__", ())]
    return f"it takes {told[0]}" if told and told[0] else "msptool profile schema tells every key"


def _near(found: Value, choices: tuple[Any, ...]) -> tuple[str, ...]:
    words = tuple(choice for choice in choices if isinstance(choice, str))
    return nearest(found, words) if isinstance(found, str) else ()


def _at(data: Value, path: yaml12.Path) -> Value:
    for part in path:
        if isinstance(data, dict) and isinstance(part, str):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
    return data


def _shape(path: yaml12.Path) -> Any:
    """Return the type that the profile has at a path."""
    shape: Any = Profile
    for part in path:
        shape = _inner(_bare(shape), part)
    return shape


def _inner(shape: Any, part: str | int) -> Any:
    """Return the type of what stands under a key or an index; None if nothing can."""
    fields = _fields(shape)
    if fields:
        return fields.get(str(part))
    arguments = typing.get_args(shape)
    return arguments[-1 if isinstance(part, str) else 0] if arguments else None


def _fields(shape: Any) -> dict[str, Any]:
    """Return the keys of a mapping whose keys are fixed, with the types under them."""
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        return {field.encode_name: field.type for field in msgspec.structs.fields(shape)}
    arguments = typing.get_args(shape)
    if len(arguments) == 2 and _is_choice(arguments[0]):
        return dict.fromkeys(typing.get_args(arguments[0]), arguments[1])
    return {}


def _is_choice(shape: Any) -> bool:
    return typing.get_origin(_bare(shape)) is typing.Literal


def _bare(shape: Any) -> Any:
    """Return a type without Annotated and without `| None`."""
    if hasattr(shape, "__metadata__"):
        return _bare(shape.__origin__)
    if typing.get_origin(shape) in (types.UnionType, typing.Union):
        return _bare(next(p for p in typing.get_args(shape) if p is not types.NoneType))
    return shape


def _path(text: str) -> yaml12.Path:
    """Return the path that msgspec writes as `$.a.b[0]`; `[...]` (any key) becomes "..."."""
    parts = re.findall(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]", text.rpartition("$")[2])
    return tuple(name or (at if at == "..." else int(at)) for name, at in parts)


def _located(path: yaml12.Path, data: dict[str, Value]) -> yaml12.Path:
    """Return the path with the key that "..." stands for: the first whose entry alone fails."""
    if "..." not in path:
        return path
    at = path.index("...")
    entries = _at(data, path[:at])
    for key, entry in entries.items() if isinstance(entries, dict) else ():
        if _fails(data, path[:at], {key: entry}):
            return (*path[:at], key, *path[at + 1 :])
    return path[:at]


def _fails(data: dict[str, Value], path: yaml12.Path, entry: Value) -> bool:
    try:
        msgspec.convert(_with(data, path, entry), Profile)
    except msgspec.ValidationError:
        return True
    return False


def _with(data: Value, path: yaml12.Path, entry: Value) -> Value:
    """Return data with another value at a path of keys."""
    if not path or not isinstance(data, dict):
        return entry
    key = str(path[0])
    return {**data, key: _with(data[key], path[1:], entry)}
