"""A new workspace: its folders, its first client profile, and what git should know of it.

The profile's scope is empty, so nothing can be scanned before somebody has authorised it.
"""

import json
import re
import zoneinfo
from pathlib import Path
from string import Template
from typing import Any

import msgspec

from msptool import files, shipped, workspace
from msptool.errors import UsageError
from msptool.profile.load import PLANS, nearest
from msptool.profile.shape import Client, Code, Language
from msptool.workspace import Workspace

_FOLDERS = (
    "identities",
    "tickets",
    "runs",
    "reports",
    "manifests",
    "ledger",
    "coverage",
    "evidence",
    "secrets",
)
_GIT = {".gitignore": "gitignore", ".gitattributes": "gitattributes"}


def code_of(folder: Path) -> str:
    """Return a client code made of a folder's name; raise UsageError where it gives none."""
    code = re.sub(r"[^A-Z0-9]", "", folder.name.upper()).lstrip("0123456789")[:8]
    if len(code) < 2:
        raise UsageError(
            "init.code",
            f"no client code can be made of the folder's name {folder.name!r}",
            hint="name one: --code ACME",
        )
    return code


def client(code: str, name: str, languages: tuple[str, ...], zone: str) -> Client:
    """Return the checked head of a profile; raise UsageError that names the wrong option."""
    if not name.strip() or not name.isprintable():
        raise UsageError("init.name", f"--name {name!r} cannot stand in documents")
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = nearest(zone, tuple(sorted(zoneinfo.available_timezones())))
        raise UsageError("init.zone", f"--zone {zone!r} is no time zone", nearest=near) from error
    _refuse("code", code, Code, "takes 2 to 8 capital letters and digits, a letter first")
    _refuse("lang", languages, tuple[Language, ...], "takes ru, en, or both with a comma")
    told = {"code": code, "name": name, "languages": languages, "zone": zone}
    return msgspec.convert(told, Client)


def _refuse(option: str, value: str | tuple[str, ...], shape: Any, takes: str) -> None:
    """Raise UsageError where an option's value has not the shape of its key."""
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        shown = value if isinstance(value, str) else ",".join(value)
        raise UsageError(
            f"init.{option}", f"--{option} {shown!r} cannot be used", hint=f"it {takes}"
        ) from error


def text(head: Client, plan: str) -> str:
    """Return a client profile with comments that explain every key."""
    if plan not in PLANS:
        raise UsageError(
            "init.plan", f"no service plan {plan!r}", nearest=nearest(plan, PLANS),
            hint=f"known plans: {', '.join(PLANS)}",
        )  # fmt: skip
    return Template(_shipped("client.yaml")).substitute(
        plan=plan,
        code=head.code,
        name=json.dumps(head.name, ensure_ascii=False),
        languages=", ".join(head.languages),
        zone=head.zone,
    )


def _shipped(name: str) -> str:
    return (shipped.folder("templates") / "workspace" / name).read_text()


def found(root: Path, profile_text: str) -> Workspace:
    """Make a workspace in a new or an existing folder; keep git files that are there.

    The profile comes last: a folder without one is no workspace, so a kill leaves nothing half.
    """
    workspace.require_free(root)
    files.make_folder(root)
    files.refuse_foreign(root)
    for name in _FOLDERS:
        files.make_folder(root / name)
    for name, template in _GIT.items():
        files.create(root / name, _shipped(template).encode())
    made = Workspace(root)
    files.write_text(made.client_file, profile_text)
    return made
