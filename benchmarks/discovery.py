"""Find and name what is on a LAN of 60 hosts: our audit beside `nmap -sS -sV -O -T4`, same run.

The LAN is drawn from the seed and runs in namespaces (tests/lab/audit/lan); the packets are
counted as they leave the laptop. `--pace`, `--routed`, `--no-naive`, `--naive-only` take a part.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks import options, timing
from benchmarks.options import Options
from tests.lab.audit.lan import plan, scans
from tests.lab.audit.lan.ground import Ground
from tests.lab.audit.lan.scans import Scanned

# Wall beside the naive scan's; packets in any second to a host and in sum.
BAR_RATIO = {"fast": 0.10, "normal": 0.30, "gentle": 0.30}
BAR_HOST, BAR_SUM = 40, 1000
BAR_NAMES = 0.98
BAR_ROUTED = 58 / 60
BAR_STALLS = 1.05
_TURNS = 3  # of each scan whose wall is compared with one like it
_SHOWN = 12  # of each list of what went wrong


def main() -> None:
    """Print the table of the parts that were asked for."""
    asked = options.given()
    hosts = 12 if asked.quick else plan.WHOLE
    paces = (asked.pace,) if asked.pace else ("fast", "gentle")
    with tempfile.TemporaryDirectory() as folder:
        if not asked.routed:
            _measure(asked, hosts, paces, Path(folder, "segment"), routed=False)
        if not asked.naive_only and not asked.routed:
            _stalls(asked, hosts, Path(folder, "stalls"))
        if asked.routed or not (asked.pace or asked.naive_only):
            _measure(asked, hosts, paces if asked.routed else ("fast",), Path(folder, "routed"),
                     routed=True)  # fmt: skip


def _measure(
    asked: Options, hosts: int, paces: tuple[str, ...], folder: Path, *, routed: bool
) -> None:
    """Scan one LAN in every way asked for. Routed by default alone: its bar is no ratio."""
    folder.mkdir()
    lan = plan.draw(asked.seed, hosts=hosts, routed=routed)
    kind = "routed, 20 ms, 1 % loss" if routed else "segment"
    print(f"LAN of seed {asked.seed}: {hosts} hosts, {len(list(lan.services()))} ports, {kind}")
    other = None
    with Ground(lan) as ground:
        if not asked.no_naive and (asked.routed or not routed):
            other = scans.naive(ground, folder)
            _told("nmap -sS -sV -O -T4", other)
        for pace in () if asked.naive_only else paces:
            ours = scans.ours(ground, folder / pace, pace)
            _told(f"msptool, {pace}", ours)
            _bars(ours, other, pace, routed=routed)


def _told(name: str, scan: Scanned) -> None:
    """Print what one scan found and sent."""
    score, counted = scan.score, scan.counted
    address, most = counted.worst
    print(f"{name}: {scan.wall_s:.1f} s", flush=True)
    print(f"  hosts {score.hosts} of {score.hosts_there}, ports {score.ports} of "
          f"{score.ports_there}, names {score.names} of {score.names_there} "
          f"({score.names_share:.1%}), invented {len(score.invented)}")  # fmt: skip
    print(f"  most in a second to a host: {most.count} to {address} {dict(most.kinds)}")
    print(f"  most in a second in sum: {counted.sum.count} {dict(counted.sum.kinds)}")
    print(f"  sent {counted.sent}, uncounted {counted.lost}")
    print(f"  bytes to fragile ports: {counted.fragile_bytes}")
    lists = {"missed": score.missed, "unnamed": score.unnamed, "misnamed": score.misnamed,
             "invented": score.invented}  # fmt: skip
    for kind, items in lists.items():
        if items:
            more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
            print(f"  {kind}: {'; '.join(items[:_SHOWN])}{more}")


def _bars(ours: Scanned, other: Scanned | None, pace: str, *, routed: bool) -> None:
    """Print each bar beside its figure."""
    score, counted = ours.score, ours.counted
    if other is not None:
        ratio, bar = ours.wall_s / other.wall_s, BAR_RATIO[pace]
        timing.row("  wall", f"{ours.wall_s:.1f} s", f"{other.wall_s:.1f} s", f"{ratio:.3f}x")
        _bar("wall", f"{bar:.2f}x", kept=ratio <= bar)
    if routed:
        share = score.hosts / score.hosts_there
        _bar("hosts", "58 of 60", kept=share >= BAR_ROUTED)
    else:
        _bar("hosts", "all", kept=score.hosts == score.hosts_there)
        _bar("ports", "all", kept=score.ports == score.ports_there)
        _bar("names", f"{BAR_NAMES:.0%}", kept=score.names_share >= BAR_NAMES)
    _bar("invented", "0", kept=not score.invented)
    _bar("fragile bytes", "0", kept=not counted.fragile_bytes)
    if pace == "gentle":
        _bar("to a host", f"{BAR_HOST}/s", kept=counted.worst[1].count <= BAR_HOST)
        _bar("in sum", f"{BAR_SUM}/s", kept=counted.sum.count <= BAR_SUM)


def _bar(name: str, bar: str, *, kept: bool) -> None:
    print(f"    {name:<14} bar {bar:<10} {'ok' if kept else 'OVER'}", flush=True)


def _stalls(asked: Options, hosts: int, folder: Path) -> None:
    """Scan with and without hosts that stall or drip, in turns: what do they cost the others?"""
    folder.mkdir()
    count, pace = hosts // 10, asked.pace or "fast"
    spoilt = plan.draw(asked.seed, hosts=hosts, stalls=count)
    apart = {host.address for host in spoilt.hosts if host.manner}
    lans = {"without": plan.draw(asked.seed, hosts=hosts), "with": spoilt}
    took: dict[str, list[float]] = {name: [] for name in lans}
    for turn in range(1 if asked.quick else _TURNS):
        for name, lan in lans.items():
            with Ground(lan) as ground:
                scan = scans.ours(ground, folder / f"{name}-{turn}", pace)
            took[name].append(scan.others_s(apart))
            print(f"{name} {count} hosts that stall or drip: the others done after "
                  f"{took[name][-1]:.1f} s, all after {scan.wall_s:.1f} s", flush=True)  # fmt: skip
    stalled_s, free_s = statistics.median(took["with"]), statistics.median(took["without"])
    ratio = stalled_s / free_s if free_s else 1.0
    timing.row(f"stalls, {pace}", f"{stalled_s:.1f} s", f"{free_s:.1f} s", f"{ratio:.3f}x")
    _bar("stalls", f"{BAR_STALLS:.2f}x", kept=ratio <= BAR_STALLS)


if __name__ == "__main__":
    main()
