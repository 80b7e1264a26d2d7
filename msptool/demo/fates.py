"""What goes wrong under a seed: each fault planted or not, each with a chance of its own.

The faults that a site is known by (telnet, anonymous FTP, a dead certificate, a default community)
are nearly always there; where one is not, the same host shows how the sound case looks.
"""

from datetime import date, timedelta

from msgspec import Struct

from msptool.demo.blueprint import UpsState
from msptool.demo.draw import Draw

# Debian as its sshd signs itself. 9, 10 and 11 are past the end of their long-term support
# (11: 2026-08-31), 13 is supported until 2028; 12 is left out: its regular support ended in
# 2026 and its long-term support has not.
ADDENDA = {
    9: "Debian-10+deb9u7",
    10: "Debian-10+deb10u4",
    11: "Debian-5+deb11u3",
    13: "Debian-7+deb13u1",
}
ENDED = (9, 10, 11)
SUPPORTED = 13
BACKED_UP = ("srv1", "srv2", "file", "nas")
_LINUX = ("srv1", "srv2", "file", "web")
_MOVABLE = ("ws", "odd", "mute", "legacy", "prn")


class Fates(Struct, frozen=True, kw_only=True):
    """The lots that were drawn; roles name hosts."""

    telnet: tuple[str, ...]
    fake_telnet: tuple[str, ...]
    anonymous_ftp: bool
    certificate_until: date
    default_community: str
    releases: dict[str, int]
    errors_on: str
    near_errors_on: str
    old_errors_on: str
    unmanaged: tuple[str, ...]
    ups: UpsState
    unprotected: tuple[str, ...]


def cast(seed: int, today: date) -> Fates:
    """Draw the fates of a seed."""
    draw = Draw(seed, "chances")
    telnet = _telnet(draw)
    errors, near, old = _error_hosts(draw)
    return Fates(
        telnet=telnet,
        fake_telnet=_fake_telnet(draw, telnet),
        anonymous_ftp=draw.chance("ftp", 0.8),
        certificate_until=today + timedelta(days=_certificate_days(draw)),
        default_community=_default_community(draw),
        releases={role: _release(draw, role) for role in _LINUX},
        errors_on=errors,
        near_errors_on=near,
        old_errors_on=old,
        unmanaged=_unmanaged(draw),
        ups=_ups(draw),
        unprotected=tuple(r for r in BACKED_UP if draw.chance(f"unprotected:{r}", 0.3)),
    )


def _telnet(draw: Draw) -> tuple[str, ...]:
    chances = {"legacy": 0.8, "sw2": 0.2}
    return tuple(r for r, chance in chances.items() if draw.chance(f"telnet:{r}", chance))


def _fake_telnet(draw: Draw, telnet: tuple[str, ...]) -> tuple[str, ...]:
    """Port 23 that is no telnet, on a host that has no real one."""
    free = [role for role in ("legacy", "ups") if role not in telnet]
    return (draw.pick("fake telnet", free),) if draw.chance("fake", 0.5) else ()


def _certificate_days(draw: Draw) -> int:
    """Expired, nearly expired, or good for long; never within a week of the limit of 30."""
    expired, ending, good = (-700, -20), (2, 21), (90, 380)
    span = draw.pick("certificate", (expired, expired, expired, expired, ending, good))
    return draw.number("certificate days", *span)


def _default_community(draw: Draw) -> str:
    return draw.pick("community", ("public", "public", "public", "public", "private", ""))


def _release(draw: Draw, role: str) -> int:
    if draw.chance(f"ended:{role}", 0.3):
        return draw.pick(f"release:{role}", ENDED)
    return SUPPORTED


def _error_hosts(draw: Draw) -> tuple[str, str, str]:
    """Three hosts: whose port counts errors, nearly too many, or many but long ago."""
    ends = draw.of("error hosts").sample(("srv1", "srv2", "file", "nas", "web", "ups", "six"), 3)
    chances = zip(ends, (0.6, 0.6, 0.5), strict=True)
    a, b, c = (end if draw.chance(f"errors:{end}", odds) else "" for end, odds in chances)
    return a, b, c


def _unmanaged(draw: Draw) -> tuple[str, ...]:
    """The hosts behind a switch that nobody manages; two or three, or none."""
    count = draw.pick("unmanaged", (0, 0, 2, 2, 3))
    return tuple(draw.of("behind").sample(_MOVABLE, count))


def _ups(draw: Draw) -> UpsState:
    """On battery, too little left in it, or near the limit but fine."""
    state = draw.pick("ups", ("battery", "short", "fine", "fine"))
    if state == "battery":
        minutes = draw.number("minutes", 3, 25)
        return UpsState(
            on_battery_s=draw.number("on battery", 60, 900),
            minutes=minutes,
            charge=draw.number("charge", 20, 80),
            low=minutes < 5,
        )
    if state == "short":
        minutes, charge = draw.number("minutes", 3, 8), draw.number("charge", 90, 100)
        return UpsState(on_battery_s=0, minutes=minutes, charge=charge)
    return UpsState(on_battery_s=0, minutes=draw.number("minutes", 11, 60), charge=100)
