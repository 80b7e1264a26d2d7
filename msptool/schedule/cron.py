"""Crontab lines for systems without systemd: only our own marked block is ever touched.

Lines are exact in UTC whatever zone the machine keeps: CRON_TZ is unknown to Debian's cron and
would leak onto the user's lines below ours, so each line asks `date -u` instead. A line fires at
its minutes of every hour and leaves at once when the hour, day or month is not its own.
"""

import re
import shlex
from collections.abc import Iterable

from msptool import process
from msptool.errors import ToolFailed, UsageError
from msptool.schedule import calendar
from msptool.schedule.plan import Entry, Plan, Task

TIMEOUT_S = 20.0
_MISSED_MINUTE = 41  # of every hour: few others begin then
_GUARDS = (("hours", "H", (0, 23)), ("weekdays", "u", (1, 7)), ("days", "d", (1, 31)),
           ("months", "m", (1, 12)))  # fmt: skip


def block(plan: Plan, *, zone_minutes: int = 0) -> str:
    """Return our part of a crontab; `zone_minutes` is how far the machine's minutes are off UTC."""
    begin, end = _marks(plan.client)
    lines = [f"{begin} {plan.workspace}", "# Times are UTC. Written by: msptool schedule install"]
    for task in plan.tasks:
        lines += [f"# {task.step}: {task.calendar}", _line(plan, task, zone_minutes)]
    if any(task.step in ("run", "backup") for task in plan.tasks):
        lines += ["# backups that were missed, for cron catches up on none", _missed(plan)]
    return "\n".join([*lines, end]) + "\n"


def _marks(client: str) -> tuple[str, str]:
    return f"# BEGIN msptool {client}", f"# END msptool {client}"


def _line(plan: Plan, task: Task, zone_minutes: int) -> str:
    minutes = sorted((minute + zone_minutes) % 60 for minute in task.calendar.minutes)
    fires = "*" if len(minutes) == 60 else ",".join(str(minute) for minute in minutes)
    guards = [
        f"case $(date -u +%{letter}) in {_pattern(chosen, letter)}) ;; *) exit 0;; esac; "
        for name, letter, limits in _GUARDS
        if len(chosen := getattr(task.calendar, name)) <= limits[1] - limits[0]
    ]
    argv = [str(plan.script), "-C", str(plan.workspace), *task.words, "-q"]
    command = f"{''.join(guards)}MSPTOOL_LANG={plan.language} {shlex.join(argv)}"
    return f"{fires} * * * * " + command.replace("%", r"\%")


def _missed(plan: Plan) -> str:
    argv = [str(plan.script), "-C", str(plan.workspace), "backup", "run", "--due", "-q"]
    return f"{_MISSED_MINUTE} * * * * MSPTOOL_LANG={plan.language} " + shlex.join(argv).replace(
        "%", r"\%"
    )


def _pattern(chosen: Iterable[int], letter: str) -> str:
    digits = 1 if letter == "u" else 2
    return "|".join(f"{number:0{digits}d}" for number in sorted(chosen))


def without(crontab: str, client: str) -> str:
    """Return a crontab without our block; every other byte stays.

    Raise UsageError where a mark of it was lost: what lies between the others may be the user's.
    """
    begin, end = map(re.escape, _marks(client))
    marks = re.findall(rf"^(?:{begin} .*|{end})$", crontab, re.MULTILINE)
    if [mark.startswith("# BEGIN") for mark in marks] != [True, False] * (len(marks) // 2):
        raise UsageError(
            "schedule.torn",
            f"the crontab has a block of client {client} without its first or last line",
            hint="crontab -e: delete that block, its BEGIN and END lines too; run this again",
        )
    ours = re.compile(rf"^{begin} .*?^{end}(?:\n|\Z)", re.MULTILINE | re.DOTALL)
    return ours.sub("", crontab)


def with_block(crontab: str, plan: Plan, *, zone_minutes: int = 0) -> str:
    """Return a crontab with our block at its end, in place of an older one."""
    other = owner(crontab, plan.client)
    if other not in ("", str(plan.workspace)):
        raise UsageError(
            "schedule.taken",
            f"client {plan.client} is scheduled already, from {other}",
            hint=f"msptool -C {shlex.quote(other)} schedule remove",
        )
    rest = without(crontab, plan.client)
    if rest and not rest.endswith("\n"):
        rest += "\n"
    return rest + block(plan, zone_minutes=zone_minutes)


def owner(crontab: str, client: str) -> str:
    """Return the workspace that our block is for; "" where there is no block."""
    found = re.search(rf"^{re.escape(_marks(client)[0])} (.*)$", crontab, re.MULTILINE)
    return found[1] if found else ""


def entries(crontab: str, client: str) -> list[Entry]:
    """Return what our block schedules."""
    begin, end = _marks(client)
    inside = crontab.partition(f"{begin} ")[2].partition(f"\n{end}")[0]
    told = re.findall(r"^# (\w+): (.+ UTC)$", inside, re.MULTILINE)
    return [Entry(step, "cron", _read(text)) for step, text in told]


def _read(text: str) -> calendar.Calendar | None:
    try:
        return calendar.parse(text)
    except UsageError:
        return None


def read() -> str:
    """Return this user's crontab; "" where there is none."""
    done = process.run([process.find("crontab", package="cron"), "-l"], timeout_s=TIMEOUT_S)
    if not done.ok and re.search(rb"no crontab|no such file", done.stderr, re.IGNORECASE):
        return ""
    return _said(done).decode(errors="surrogateescape")


def write(text: str) -> None:
    """Replace this user's crontab; an empty one is removed."""
    program = process.find("crontab", package="cron")
    if not text:
        _said(process.run([program, "-r"], timeout_s=TIMEOUT_S))
        return
    data = text.encode(errors="surrogateescape")
    _said(process.run([program, "-"], stdin=data, timeout_s=TIMEOUT_S))


def _said(done: process.Done) -> bytes:
    if not done.ok:
        raise ToolFailed("schedule.crontab", f"crontab: {done.complaint()}")
    return done.stdout
