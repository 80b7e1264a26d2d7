"""Read 250 simulated agents of 200 interfaces, sixteen columns: our worker as it runs in an audit,
bare gufo-snmp and pysnmp. CPU of who asks, with its start and its end; answers come from another
process. Then with loss: how many walks complete.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import options, timing
from benchmarks.snmpfarm import COLUMNS, INTERFACES, addresses
from msptool.audit.snmp.asking import GREETINGS_S
from msptool.audit.snmp.orders import GREETING_S

AGENTS, FEW = 250, 10
LOSS = 0.02
BAR_GUFO, BAR_PYSNMP = 1.3, 10.0
PORT = 41610
GUFO = "gufo-snmp==0.13.0"


def main() -> None:
    """Print the table."""
    quick = options.given().quick
    agents, times = (25, 1) if quick else (AGENTS, 3)
    with tempfile.TemporaryDirectory() as folder:
        _cpu(agents, times, _gufo_in(Path(folder)))
    _loss(agents)


def _cpu(agents: int, times: int, gufo: str) -> None:
    rivals = {"ours": _ours(agents)} | ({"gufo": _gufo(agents)} if gufo else {})
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (gufo, os.getcwd())))}  # noqa: PTH109
    spent: dict[str, list[float]] = {name: [] for name in rivals}
    with farm(agents):
        for _ in range(times):
            for name, (argv, given) in rivals.items():
                spent[name].append(_spent_s(argv, given, env, agents))
        slow = _spent_s(*_ours(FEW, engine="pysnmp"), env, FEW) * agents / FEW
    ours = statistics.median(spent["ours"])
    rows = agents * INTERFACES * len(COLUMNS)
    if gufo:
        pairs = zip(spent["ours"], spent["gufo"], strict=True)
        ratio = statistics.median(a / b for a, b in pairs)
        _told("gufo-snmp", ours, statistics.median(spent["gufo"]), f"{ratio:.2f}x")
        print(f"{'':<34} bar {BAR_GUFO}x: {'ok' if ratio <= BAR_GUFO else 'OVER'}")
    _told(f"pysnmp ({FEW} agents, scaled)", ours, slow, f"{slow / ours:.0f} times")
    print(f"{'':<34} bar {BAR_PYSNMP:.0f} times: {'ok' if slow / ours >= BAR_PYSNMP else 'UNDER'}")
    print(f"{'':<34} {rows / ours:,.0f} rows in a CPU second")


def _told(other: str, ours_s: float, other_s: float, figure: str) -> None:
    timing.row(f"SNMP, CPU beside {other}", f"{ours_s:.2f} s", f"{other_s:.2f} s", figure)


def _loss(agents: int) -> None:
    with farm(agents, LOSS):
        argv, given = _ours(agents, greeting_s=GREETINGS_S["fast"])
        done = subprocess.run(argv, input=given, capture_output=True, check=True)
    whole = sum(_is_whole(json.loads(line)) for line in done.stdout.splitlines())
    told = f"{whole} of {agents}"
    timing.row(f"SNMP, whole walks at {LOSS:.0%} loss", told, f"bar {agents}", "")


def _is_whole(record: dict[str, Any]) -> bool:
    wanted = INTERFACES * len(COLUMNS)
    return bool(record.get("complete") and len(record["rows"]) >= wanted)


@contextmanager
def farm(agents: int, loss: float = 0.0) -> Iterator[None]:
    """Run the agents."""
    seed = str(options.given().seed)
    argv = [sys.executable, "-m", "benchmarks.snmpfarm", str(agents), str(PORT), str(loss), seed]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stdin is not None
        assert running.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            running.stdin.close()
            running.wait(10)


def _ours(
    agents: int, engine: str = "own", greeting_s: tuple[float, ...] = GREETING_S
) -> tuple[list[str], bytes]:
    orders = {
        "groups": [[{"label": "farm", "version": "2c", "community": "public"}]],
        "tables": [COLUMNS],
        "port": PORT,
        "engine": engine,
        "greeting_s": greeting_s,
    }
    listed = "".join(f"{address}\n" for address in addresses(agents))
    argv = [sys.executable, "-m", "msptool.audit.workers.snmp"]
    return argv, f"{listed}\n{json.dumps(orders)}".encode()


_GUFO = """
import asyncio, json, sys
from gufo.snmp.aio import SnmpSession

async def one(gate, address, port, columns):
    rows = {}
    async with gate, SnmpSession(address, port=port, community="public", timeout=5) as session:
        for column in columns:
            async for oid, value in session.getbulk(column, max_repetitions=40):
                rows[oid] = value
    return len(rows)

async def main():
    told = json.loads(sys.stdin.read())
    gate = asyncio.Semaphore(16)
    found = await asyncio.gather(
        *(one(gate, a, told["port"], told["columns"]) for a in told["addresses"])
    )
    print(sum(found))

asyncio.run(main())
"""


def _gufo(agents: int) -> tuple[list[str], bytes]:
    told = {"addresses": addresses(agents), "port": PORT, "columns": COLUMNS}
    return [sys.executable, "-c", _GUFO], json.dumps(told).encode()


def _spent_s(argv: list[str], given: bytes, env: dict[str, str], agents: int) -> float:
    """Return the CPU seconds of a process that read all rows."""
    before = os.times()
    done = subprocess.run(argv, input=given, env=env, stdout=subprocess.PIPE, check=True)
    after = os.times()
    if done.stdout[:1] == b"{":
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert sum(map(_is_whole, lines)) == agents
    else:
        assert int(done.stdout) == agents * INTERFACES * len(COLUMNS)
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def _gufo_in(folder: Path) -> str:
    """Return where gufo-snmp is; "" where it cannot be had."""
    argv = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*argv, "--target", str(folder), "--no-deps", GUFO], capture_output=True, check=False
    )
    if done.returncode:
        print(f"SNMP: {GUFO} cannot be installed; left out")
        return ""
    return str(folder)


if __name__ == "__main__":
    main()
