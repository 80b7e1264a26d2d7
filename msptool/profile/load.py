"""Read a client profile: parse, extend, check, and say exactly where it is wrong."""

import difflib
import hashlib
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from msptool import shipped, yaml12
from msptool.errors import Place, ProfileError
from msptool.profile.shape import Profile
from msptool.workspace import Workspace
from msptool.yaml12 import Document, Value

PLANS = ("basic", "standard", "complex")


@dataclass(frozen=True)
class Loaded:
    """A profile, the hash of what it was read from, and where its keys stand."""

    profile: Profile
    sha256: str
    document: Document
    scope_sha256: str


def load(workspace: Workspace) -> Loaded:
    """Read a workspace's client profile."""
    return load_file(workspace.client_file)


def load_file(path: Path) -> Loaded:
    """Read a profile and the plan it extends; raise ProfileError for the first thing wrong."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProfileError(
            "profile.unreadable", f"cannot read: {error.strerror}", place=Place(str(path))
        ) from error
    document = yaml12.load(raw, file=path.name)
    plan = _plan(document)
    _refuse_unknown(document, Profile)
    merged = merge(plan.data, document.data) if plan else document.data
    profile = _converted(merged, document)
    _check_references(profile, document)
    digest = hashlib.sha256(raw)
    if plan:
        digest.update("\n".join(plan.lines).encode())
    scope = hashlib.sha256(msgspec.json.encode(profile.scope)).hexdigest()
    return Loaded(profile, digest.hexdigest(), document, scope)


def _plan(document: Document) -> Document | None:
    name = document.data.get("extends", "")
    if not name:
        return None
    path = shipped.folder("profiles") / "plans" / f"{name}.yaml"
    if name not in PLANS or not path.is_file():
        raise ProfileError(
            "profile.unknown-plan",
            f"no service plan {name!r}",
            place=document.place(("extends",)),
            hint=f"known plans: {', '.join(PLANS)}",
            nearest=nearest(str(name), PLANS),
        )
    return yaml12.load(path.read_bytes(), file=f"plans/{path.name}")


def merge(below: Mapping[str, Value], above: Mapping[str, Value]) -> dict[str, Value]:
    """Return a plan with a profile laid over it: mappings merge, all else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = merge(under, value) if both else value  # type: ignore[arg-type]
    return merged


def _refuse_unknown(document: Document, shape: Any) -> None:
    for path, known in _unknown(document.data, shape, ()):
        raise ProfileError(
            "profile.unknown-key",
            yaml12.dotted(path),
            place=document.place(path),
            nearest=nearest(str(path[-1]), known),
            hint=f"known here: {', '.join(known)}",
        )


def _unknown(value: Value, shape: Any, path: yaml12.Path) -> Iterator[tuple[yaml12.Path, Any]]:
    """Yield each key that the shape does not have, with the keys it does have."""
    shape = _bare(shape)
    if isinstance(value, dict) and _is_struct(shape):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(shape)}
        for key, inner in value.items():
            if key in fields:
                yield from _unknown(inner, fields[key], (*path, key))
            else:
                yield (*path, key), tuple(fields)
    elif isinstance(value, dict):
        arguments = typing.get_args(shape)
        for key, inner in value.items() if len(arguments) == 2 else ():
            yield from _unknown(inner, arguments[1], (*path, key))
    elif isinstance(value, list):
        arguments = typing.get_args(shape)
        for at, inner in enumerate(value) if arguments else ():
            yield from _unknown(inner, arguments[0], (*path, at))


def _bare(shape: Any) -> Any:
    """Return a type without Annotated and without `| None`."""
    if hasattr(shape, "__metadata__"):
        shape = shape.__origin__
    if isinstance(shape, types.UnionType):
        shape = next(part for part in typing.get_args(shape) if part is not types.NoneType)
    return shape


def _is_struct(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _converted(data: dict[str, Value], document: Document) -> Profile:
    try:
        return msgspec.convert(data, Profile)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `")
        path = _located(_path(where.rstrip("`")), data)
        missing = re.fullmatch(r"Object missing required field `(\w+)`", what)
        if missing:
            path = (*path, missing[1])
            what = "this key is missing"
        if "secret" in what or _inline_secret(path, what):
            what = "a secret must be a reference: env:NAME, file:PATH or command:PROGRAM"
        raise ProfileError(
            "profile.missing-key" if missing else "profile.value",
            f"{yaml12.dotted(path)}: {what}",
            place=document.place(path),
            hint="msptool profile schema tells every key and its values",
        ) from error


def _inline_secret(path: yaml12.Path, what: str) -> bool:
    return bool(path) and path[-1] in ("community", "password") and "regex" in what


def _path(text: str) -> yaml12.Path:
    """Return the path that msgspec writes as `$.a.b[0]`; `[...]` (any key) becomes "..."."""
    parts = re.findall(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]", text.removeprefix("$"))
    return tuple(name or (at if at == "..." else int(at)) for name, at in parts)


def _located(path: yaml12.Path, data: dict[str, Value]) -> yaml12.Path:
    """Return the path with the key that "..." stands for: the first whose entry alone fails."""
    if "..." not in path:
        return path
    at = path.index("...")
    entries: Value = data
    for part in path[:at]:
        entries = entries.get(str(part)) if isinstance(entries, dict) else None
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


def _with(data: Value, path: yaml12.Path, value: Value) -> Value:
    """Return data with another value at a path of keys."""
    if not path or not isinstance(data, dict):
        return value
    key = str(path[0])
    return {**data, key: _with(data[key], path[1:], value)}


def _check_references(profile: Profile, document: Document) -> None:
    """Check what the shape cannot say: names that must exist, zones that must be real."""
    import zoneinfo

    for name, job in profile.backup.jobs.items():
        if job.repository not in profile.backup.repositories:
            known = tuple(profile.backup.repositories)
            raise ProfileError(
                "profile.unknown-repository",
                f"backup.jobs.{name}.repository: no repository {job.repository!r}",
                place=document.place(("backup", "jobs", name, "repository")),
                nearest=nearest(job.repository, known),
                hint=f"known repositories: {', '.join(known) or 'none'}",
            )
    try:
        zoneinfo.ZoneInfo(profile.client.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ProfileError(
            "profile.zone",
            f"client.zone: no time zone {profile.client.zone!r}",
            place=document.place(("client", "zone")),
            hint="use a name like Europe/Moscow",
        ) from error


def nearest(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known words that a mistyped one may have meant, best first."""
    return tuple(difflib.get_close_matches(word, known, n=2, cutoff=0.6))
