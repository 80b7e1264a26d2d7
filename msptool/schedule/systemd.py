"""Systemd units: pure rendering, and a thin door to the manager.

Each step gets a service and a timer. The form for root is closed as far as its work allows: only
an audit may open raw sockets, only a restore may change owners (systemd.exec(5)).
"""

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from msptool import files, process, shipped
from msptool.errors import ToolFailed, ToolMissing, UsageError
from msptool.schedule import calendar
from msptool.schedule.plan import Entry, Plan, Task
from msptool.workspace import Workspace

Scope = Literal["system", "user"]
TIMEOUT_S = 60.0
_MARK = "# Written by msptool schedule install for"
_PUBLIC_FILE = 0o644  # the manager and its tools read units; there is nothing private in them

# Reading every file; giving a restored file its owner, mode, setgid bit and capabilities back.
_READ = ("CAP_DAC_READ_SEARCH",)
_RESTORE = ("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_SETFCAP")
_RAW = ("CAP_NET_RAW",)
# A proof examines content in a cell, in which root becomes nobody: a user namespace gives it the
# right to mount there, so that nothing here needs CAP_SYS_ADMIN (docs/decisions/0042).
_CELL = ("CAP_SETUID", "CAP_SETGID")
_PROVING = ("run", "verify")
_CELL_NAMESPACES = "user mnt net pid ipc uts"
_CELL_CALLS = "\nSystemCallFilter=mount umount2 pivot_root setrlimit prlimit64"
_CAPABILITIES: Mapping[str, tuple[str, ...]] = {
    "run": (*_RAW, *_READ, *_RESTORE, *_CELL),
    "audit": _RAW,
    "backup": _READ,
    "forget": _READ,
    "verify": (*_READ, *_RESTORE, *_CELL),
    "monitor": _READ,  # a volume may be mounted below a private folder
}
_DELAYS_S = {"monitor": 30}
_DELAY_S = 900


@dataclass(frozen=True)
class Unit:
    """A unit file."""

    name: str
    text: str


def units(plan: Plan, scope: Scope) -> tuple[Unit, ...]:
    """Return the service and the timer of every step."""
    return tuple(unit for task in plan.tasks for unit in _pair(plan, task, scope))


def _pair(plan: Plan, task: Task, scope: Scope) -> tuple[Unit, Unit]:
    stem = f"msptool-{plan.client}-{task.step}"
    argv = [str(plan.script), "-C", str(plan.workspace), *task.words]
    words = {
        "mark": f"{_MARK} {plan.workspace}",
        "client": plan.client,
        "step": task.step,
        "command": " ".join(quoted(word, command=True) for word in argv),
        "language": plan.language,
        "timeout_s": str(task.timeout_s),
        "hardening": _hardening(plan, task, scope),
        "calendar": str(task.calendar),
        "delay_s": str(_DELAYS_S.get(task.step, _DELAY_S)),
    }
    return (
        Unit(f"{stem}.service", _template("msptool.service").substitute(words)),
        Unit(f"{stem}.timer", _template("msptool.timer").substitute(words)),
    )


def _template(name: str) -> Template:
    return Template((shipped.folder("templates") / "systemd" / name).read_text())


def _hardening(plan: Plan, task: Task, scope: Scope) -> str:
    raw = "AF_PACKET" if "CAP_NET_RAW" in _CAPABILITIES[task.step] else ""
    proving = task.step in _PROVING
    words = {
        "namespaces": _CELL_NAMESPACES if proving else "yes",
        "calls": _CELL_CALLS if proving else "",
        "capabilities": " ".join(_CAPABILITIES[task.step]),
        "families": f"AF_UNIX AF_INET AF_INET6 AF_NETLINK {raw}".strip(),
        "private_tmp": "no" if plan.temporary else "yes",
        "writable": " ".join(quoted(path, prefix="-") for path in _writable(plan)),
        "derived": quoted(Workspace(plan.workspace).derived, prefix="-"),
        "state_home": quoted(f"XDG_STATE_HOME={plan.state.parent}"),
    }
    return _template(f"hardening-{scope}.conf").substitute(words).rstrip("\n")


def _writable(plan: Plan) -> list[str]:
    """Return what a step may write; without a private /tmp, programs need the common one."""
    common = ("/tmp", "/var/tmp") if plan.temporary else ()  # noqa: S108 - named, not used
    return [*(str(path) for path in (*plan.writable, plan.state)), *common]


def quoted(word: str | Path, *, command: bool = False, prefix: str = "") -> str:
    """Return a word as systemd takes it literally: specifiers, quotes and variables escaped."""
    escaped = str(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    if command:
        escaped = escaped.replace("$", "$$")
    return f'"{prefix}{escaped}"'


def folder(scope: Scope) -> Path:
    """Return where units of an administrator or a user lie (systemd.unit(5))."""
    if scope == "system":
        return Path("/etc/systemd/system")
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".config") / "systemd" / "user"


def is_running(scope: Scope) -> bool:
    """Tell whether the manager of a scope runs here (sd_booted(3))."""
    if scope == "system":
        return Path("/run/systemd/system").is_dir()
    return (Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere") / "systemd").is_dir()


def write(wanted: Iterable[Unit], place: Path) -> list[str]:
    """Write the units that differ from what is there; return their names."""
    changed = []
    for unit in wanted:
        path = place / unit.name
        if path.exists() and path.read_text(errors="replace") == unit.text:
            continue
        files.make_folder(place)
        files.write_text(path, unit.text, mode=_PUBLIC_FILE)
        changed.append(unit.name)
    return changed


def ours(client: str, place: Path) -> list[Path]:
    """Return the units of a client that we wrote; others of the same name are not ours."""
    found = place.glob(f"msptool-{client}-*") if place.is_dir() else ()
    return sorted(p for p in found if p.is_file() and _owner(p))


def _owner(path: Path) -> str:
    first = path.read_text(errors="replace").partition("\n")[0]
    return first.removeprefix(f"{_MARK} ") if first.startswith(f"{_MARK} ") else ""


def refuse_taken(plan: Plan, place: Path) -> None:
    """Raise UsageError where the units of this client belong to another workspace."""
    for path in ours(plan.client, place):
        if (other := _owner(path)) != str(plan.workspace):
            raise UsageError(
                "schedule.taken",
                f"client {plan.client} is scheduled already, from {other}",
                hint=f"msptool -C {shlex.quote(other)} schedule remove",
            )


def install(plan: Plan, scope: Scope) -> list[str]:
    """Write the units, drop those of steps no longer wanted, start the timers.

    Return what changed on disk; empty where all was there. Timers are started either way.
    """
    require(scope)
    place = folder(scope)
    refuse_taken(plan, place)
    wanted = units(plan, scope)
    names = {unit.name for unit in wanted}
    stale = [path for path in ours(plan.client, place) if path.name not in names]
    removed = _drop(stale, scope)
    changed = write(wanted, place)
    _call(scope, "daemon-reload")
    _call(scope, "enable", "--now", "--", *sorted(n for n in names if n.endswith(".timer")))
    return [*removed, *changed]


def remove(client: str, scope: Scope) -> list[str]:
    """Stop the timers and delete our units; return their names."""
    removed = _drop(ours(client, folder(scope)), scope)
    if removed and is_running(scope):
        _call(scope, "daemon-reload")
    return removed


def _drop(paths: list[Path], scope: Scope) -> list[str]:
    timers = [path.name for path in paths if path.suffix == ".timer"]
    if timers and is_running(scope):
        _call(scope, "disable", "--now", "--", *timers)
    for path in paths:
        path.unlink()
        files.sync_folder(path.parent)
    return [path.name for path in paths]


def entries(client: str, scope: Scope) -> list[Entry]:
    """Return what is installed for a client."""
    timers = [path for path in ours(client, folder(scope)) if path.suffix == ".timer"]
    active = _active([path.name for path in timers], scope)
    door = "systemd" if scope == "system" else "systemd --user"
    return [
        Entry(path.stem.rpartition("-")[2], door, _calendar(path), active.get(path.name))
        for path in timers
    ]


def _calendar(path: Path) -> calendar.Calendar | None:
    lines = re.findall(r"^OnCalendar=(.+)$", path.read_text(errors="replace"), re.MULTILINE)
    try:
        return calendar.parse(lines[0]) if len(lines) == 1 else None
    except UsageError:
        return None


def _active(timers: list[str], scope: Scope) -> dict[str, bool]:
    if not timers or not is_running(scope):
        return {}
    said = _call(scope, "show", "-p", "Id,ActiveState", "--", *timers).decode(errors="replace")
    found = re.findall(r"^Id=(.+)\nActiveState=(.+)$", said, re.MULTILINE)
    return {name: state == "active" for name, state in found}


def require(scope: Scope) -> None:
    """Raise ToolMissing where no manager runs that could take a timer."""
    if not is_running(scope):
        raise ToolMissing(
            "schedule.no-systemd",
            f"no systemd {scope} manager runs here",
            hint="msptool schedule install --cron",
        )


def _call(scope: Scope, *words: str) -> bytes:
    argv = [process.find("systemctl", package="systemd"), f"--{scope}", "--no-ask-password"]
    done = process.run([*argv, *words], timeout_s=TIMEOUT_S)
    if not done.ok:
        raise ToolFailed("schedule.systemctl", f"systemctl {words[0]}: {done.complaint()}")
    return done.stdout
