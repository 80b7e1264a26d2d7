"""Who hangs on which port: drawn by end, so that a new host moves no other."""

from collections.abc import Mapping

from msptool.demo.blueprint import Cable, SwitchPlan, Traffic
from msptool.demo.draw import Draw
from msptool.demo.fates import Fates

BUSY_PPS = 5000.0
_ENDS = ("gw", "prn", "ups", "nas", "srv1", "srv2", "file", "web", "legacy", "pub", "ws", "mute")
_MORE = ("odd", "six", "laptop")


def cables(seed: int, fates: Fates, switches: Mapping[str, SwitchPlan]) -> tuple[Cable, ...]:
    """Return all cables: sw2 and the gateway on sw1, the rest on either."""
    free = {role: _Ports(seed, role, plan.model.ports) for role, plan in switches.items()}
    trunk = Cable(end="sw2", switch="sw1", port=free["sw1"].take("sw2"))
    up = free["sw2"].take("sw1")
    made = [Cable(end=trunk.end, switch=trunk.switch, port=trunk.port, end_port=up)]
    group = Draw(seed, "unmanaged")
    shared = group.pick("switch", ("sw1", "sw2"))
    shared_port = free[shared].take("unmanaged") if fates.unmanaged else 0
    for end in (*_ENDS, *_MORE):
        if end in fates.unmanaged:
            made.append(Cable(end=end, switch=shared, port=shared_port, via="unmanaged"))
            continue
        switch = "sw1" if end == "gw" else Draw(seed, end).pick("switch", ("sw1", "sw2"))
        made.append(Cable(end=end, switch=switch, port=free[switch].take(end)))
    return tuple(made)


class _Ports:
    """The free ports of one switch; each end draws its own order and takes the first free."""

    def __init__(self, seed: int, switch: str, count: int) -> None:
        self._seed, self._switch = seed, switch
        self._free = set(range(1, count + 1))
        self._count = count

    def take(self, end: str) -> int:
        order = Draw(self._seed, end).of(f"port:{self._switch}")
        port = next(
            p for p in order.sample(range(1, self._count + 1), self._count) if p in self._free
        )
        self._free.remove(port)
        return port


def traffic(seed: int, role: str, fates: Fates, wires: tuple[Cable, ...]) -> tuple[Traffic, ...]:
    """Return what enters each cabled port of a switch.

    The faulty port loses 0.3 to 2 % of its packets and the near one under 0.05 %, at a rate
    where two seconds decide; the old one counted many errors long ago and none since.
    """
    used = {c.port: c.end for c in wires if c.switch == role}
    used.update({c.end_port: "sw1" for c in wires if c.end == role})
    return tuple(_entering(Draw(seed, end), port, end, fates) for port, end in sorted(used.items()))


def _entering(draw: Draw, port: int, end: str, fates: Fates) -> Traffic:
    pps = draw.real("pps", 5, 400)
    if end == fates.errors_on:
        return Traffic(
            port=port, pps=BUSY_PPS, errors_per_s=BUSY_PPS * draw.real("bad", 0.003, 0.02)
        )
    if end == fates.near_errors_on:
        near = BUSY_PPS * draw.real("near", 0.0002, 0.0004)
        return Traffic(port=port, pps=BUSY_PPS, errors_per_s=near)
    if end == fates.old_errors_on:
        return Traffic(port=port, pps=pps, errors_base=draw.number("old", 20_000, 900_000))
    return Traffic(port=port, pps=pps)
