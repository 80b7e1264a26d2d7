"""Whether systemd units run: one `systemctl show` for all of them.

`is-active a b` says 0 if any is active, and a unit that does not exist shows as inactive with the
result "success"; only LoadState tells it apart. Measured with systemd 252.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msptool import process
from msptool.errors import ToolMissing
from msptool.monitor.probes import Unseen
from msptool.monitor.seen import Service

TIMEOUT_S = 4.0
_LIMIT_BYTES = 1024 * 1024
_KEYS = ("Id", "LoadState", "ActiveState", "SubState")


@dataclass(frozen=True)
class Answer:
    """What systemctl said, raw, and read."""

    raw: bytes
    services: tuple[Service, ...] | Unseen


def argv(systemctl: str, units: Sequence[str]) -> list[str]:
    """Return the command that shows the state of units."""
    return [systemctl, "show", "--no-pager", "-p", ",".join(_KEYS), "--", *units]


def parse(said: bytes, units: Sequence[str]) -> tuple[Service, ...] | Unseen:
    """Read one block a unit, in the order asked for; any other number of blocks is no answer.

    (A pattern such as `ssh*` gives as many blocks as it matches.)
    """
    blocks = [block for block in said.decode(errors="replace").split("\n\n") if block.strip()]
    told = [dict(line.partition("=")[::2] for line in block.splitlines()) for block in blocks]
    if len(told) != len(units) or any(key not in block for block in told for key in _KEYS):
        return Unseen("unreadable")
    return tuple(
        Service(unit, block["LoadState"], block["ActiveState"], block["SubState"])
        for unit, block in zip(units, told, strict=True)
    )


def look(units: Sequence[str]) -> Answer:
    """Ask the system manager; wait at most TIMEOUT_S."""
    try:
        done = process.run(
            argv(process.find("systemctl"), units), timeout_s=TIMEOUT_S, limit_bytes=_LIMIT_BYTES
        )
    except ToolMissing:
        return Answer(b"", Unseen("tool-missing"))
    if done.timed_out:
        return Answer(done.stdout, Unseen("timed-out"))
    if not done.ok:
        return Answer(done.stdout + done.stderr, Unseen("probe-failed"))
    return Answer(done.stdout, parse(done.stdout, units))
