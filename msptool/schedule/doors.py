"""The doors through which a plan gets onto a machine: they answer the same questions."""

import os
from typing import Protocol

from msptool import clock, files, process
from msptool.errors import ToolMissing
from msptool.schedule import cron, systemd
from msptool.schedule.plan import Entry, Plan
from msptool.workspace import state_home


class Door(Protocol):
    """What a kind of timer can do; each call that changes something returns what it changed."""

    def preview(self, plan: Plan) -> list[systemd.Unit]:
        """Return what `install` would write, under its full name."""
        ...

    def install(self, plan: Plan) -> list[str]:
        """Put the plan in place of an older one."""
        ...

    def remove(self, client: str) -> list[str]:
        """Take away what `install` wrote for a client."""
        ...

    def names(self, client: str) -> list[str]:
        """Return what `remove` would take away."""
        ...

    def entries(self, client: str) -> list[Entry]:
        """Return what is installed for a client."""
        ...

    def advice(self) -> str:
        """Return what a person should know after installing; "" if nothing."""
        ...


class Systemd:
    """Units of the machine's manager or of the user's own."""

    def __init__(self, scope: systemd.Scope) -> None:
        self.scope = scope

    def preview(self, plan: Plan) -> list[systemd.Unit]:
        """Return all units, named by their paths."""
        place = systemd.folder(self.scope)
        units = systemd.units(plan, self.scope)
        return [systemd.Unit(str(place / unit.name), unit.text) for unit in units]

    def install(self, plan: Plan) -> list[str]:
        """Write and start; see systemd.install."""
        return systemd.install(plan, self.scope)

    def remove(self, client: str) -> list[str]:
        """Stop and delete; see systemd.remove."""
        return systemd.remove(client, self.scope)

    def names(self, client: str) -> list[str]:
        """Return the names of our units."""
        return [path.name for path in systemd.ours(client, systemd.folder(self.scope))]

    def entries(self, client: str) -> list[Entry]:
        """Return the timers and whether they are active."""
        return systemd.entries(client, self.scope)

    def advice(self) -> str:
        """Say that a user's timers stop when the user leaves."""
        if self.scope == "system":
            return ""
        return (
            "Timers of a user run while the user is logged in; for always: loginctl enable-linger"
        )


class Cron:
    """A marked block in the user's own crontab."""

    def preview(self, plan: Plan) -> list[systemd.Unit]:
        """Return the block."""
        return [systemd.Unit("crontab", cron.block(plan, zone_minutes=_zone_minutes()))]

    def install(self, plan: Plan) -> list[str]:
        """Put the block at the end of the crontab."""
        with files.lock(state_home() / "crontab.lock", what="schedule", wait=True):
            before = cron.read()
            after = cron.with_block(before, plan, zone_minutes=_zone_minutes())
            if after == before:
                return []
            cron.write(after)
        return self.names(plan.client)

    def remove(self, client: str) -> list[str]:
        """Take the block out."""
        with files.lock(state_home() / "crontab.lock", what="schedule", wait=True):
            names = self.names(client)
            if names:
                cron.write(cron.without(cron.read(), client))
        return names

    def names(self, client: str) -> list[str]:
        """Return "crontab" if the block is there."""
        return ["crontab"] if cron.owner(cron.read(), client) else []

    def entries(self, client: str) -> list[Entry]:
        """Return the lines of the block."""
        return cron.entries(cron.read(), client)

    def advice(self) -> str:
        """Return nothing: a crontab runs by itself."""
        return ""


def _zone_minutes() -> int:
    """Return how far this machine's minutes are off UTC's (30 in India, 0 nearly everywhere)."""
    offset = clock.now().astimezone().utcoffset()
    return int(offset.total_seconds() // 60) % 60 if offset else 0


def choose(kind: str, scope: systemd.Scope | None) -> Door:
    """Return the door asked for; for "" systemd if it runs here, else cron.

    Raise ToolMissing where this machine has neither.
    """
    at = scope or ("system" if os.geteuid() == 0 else "user")
    if kind == "systemd" or (not kind and systemd.is_running(at)):
        return Systemd(at)
    if not kind and not has_cron():
        raise ToolMissing(
            "schedule.no-door",
            "neither systemd nor cron runs here",
            hint="apt install cron; or let another scheduler run: msptool -C DIR run -q",
        )
    return Cron()


def has_cron() -> bool:
    """Tell whether there is a crontab program."""
    try:
        process.find("crontab")
    except ToolMissing:
        return False
    return True


def every() -> list[Door]:
    """Return all doors that a plan may have been installed through."""
    found: list[Door] = [Systemd("system"), Systemd("user")]
    return [*found, Cron()] if has_cron() else found
