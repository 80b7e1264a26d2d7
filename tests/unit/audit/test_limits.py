"""No stage's time limit is shorter than its own packets take at its pace: it would lose hosts."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from msptool import gate, process
from msptool.audit import discovery, services
from msptool.audit.mission import Mission, Watch
from msptool.profile.shape import Audit, Scope
from tests.unit.audit.build import NOW, logbook, mission

SCOPE = Scope(networks=("198.18.0.0/21",), authorised_by="A. Client", expires=NOW.date())
PACES = ("gentle", "normal", "fast")
HOSTS = [ip_address("198.18.0.1") + number for number in range(1024)]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], int, float]]:
    """What would be started: its words, how many hosts it is for, and its limit."""
    told: list[tuple[list[str], int, float]] = []

    def scan(
        argv: list[str], targets: Sequence[Any], *_: Any, timeout_s: float, **__: Any
    ) -> process.Done:
        told.append((argv, len(targets), timeout_s))
        return process.Done((), 0, b"", b"", 0.1)

    monkeypatch.setattr(gate, "scan", scan)
    return told


def at_pace(folder: Path, pace: str, **fields: Any) -> Mission:
    orders = Audit(pace=pace)  # type: ignore[arg-type]
    return mission(logbook(folder), SCOPE, NOW.date(), orders=orders, **fields)


def least_pps(argv: Sequence[str]) -> float:
    """Return the rate that nmap keeps up where nobody answers: the least that it is told, or so
    many questions that wait for an answer at once.
    """
    words: Mapping[str, str] = dict(zip(argv, argv[1:], strict=False))
    if "--min-rate" in words:
        return float(words["--min-rate"])
    wait_ms = float(words["--max-rtt-timeout"].removesuffix("ms"))
    return int(words["--min-parallelism"]) * 1000 / wait_ms


def packets(argv: Sequence[str], hosts: int) -> int:
    words: Mapping[str, str] = dict(zip(argv, argv[1:], strict=False))
    listed = next(word for word in argv if re.fullmatch(r"(?:-PS)?\d+(?:,\d+)*", word))
    each = listed.count(",") + 1 + 3 * ("-sn" in argv)
    return hosts * each * (1 + int(words["--max-retries"]))


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("count", [1, 1024])
def test_a_network_where_nobody_answers_is_pinged_to_its_end(
    tmp_path: Path, calls: list[tuple[list[str], int, float]], pace: str, count: int
) -> None:
    mine = at_pace(tmp_path, pace)
    with mine.logbook.stage("hinted") as journal:
        for thorough in (False, True):
            discovery._ping(mine, journal, HOSTS[thorough:count] or HOSTS[:1], thorough=thorough)
    for argv, hosts, limit_s in calls:
        assert limit_s > 1.5 * packets(argv, hosts) / least_pps(argv)


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize(("count", "ports"), [(1, 65_535), (1, 450), (20, 6_000), (256, 450)])
def test_a_search_has_time_for_all_its_ports(
    tmp_path: Path,
    calls: list[tuple[list[str], int, float]],
    pace: str,
    count: int,
    ports: int,
) -> None:
    mine = at_pace(tmp_path, pace, ports=tuple(range(1, ports + 1)))
    with mine.logbook.stage("search") as journal:
        discovery.search(mine, journal, HOSTS[:count])
    [(argv, hosts, limit_s)] = calls
    assert limit_s > 1.5 * packets(argv, hosts) / least_pps(argv)


@pytest.mark.parametrize("ports_each", [2, 20, 60])
def test_the_gentle_pace_has_time_for_every_port_of_a_large_network(
    tmp_path: Path, calls: list[tuple[list[str], int, float]], ports_each: int
) -> None:
    mine = at_pace(tmp_path, "gentle")
    ports = {str(host): list(range(1, ports_each + 1)) for host in HOSTS[: services.TOGETHER]}
    with mine.logbook.stage("services") as journal:
        services.grab(mine, journal, ports, spare=(), watch=Watch())
    [(_, hosts, limit_s)] = calls
    assert (
        limit_s > 1.5 * services.GRAB_PACKETS * hosts * ports_each / services.GRAB_PPS["gentle"][1]
    )


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("ports", [474, 65_535])
def test_a_group_of_hosts_that_drop_everything_is_looked_at_to_its_end(
    tmp_path: Path, calls: list[tuple[list[str], int, float]], pace: str, ports: int
) -> None:
    mine = at_pace(tmp_path, pace, ports=tuple(range(1, ports + 1)))
    with mine.logbook.stage("ports") as journal:
        services.look_at_ports(mine, journal, HOSTS[:64])
    [(argv, hosts, limit_s)] = calls
    host_s = int(argv[argv.index("--host-timeout") + 1].removesuffix("s"))
    assert limit_s > host_s > 1.2 * packets(argv, hosts) / least_pps(argv)
