"""What the agents answer: whole, in order, growing with time, in step with the truth."""

from datetime import date
from pathlib import Path

import pytest

from msptool.demo.blueprint import Blueprint, Host
from msptool.demo.plan import blueprint
from msptool.demo.programs.answer import Answers, oid
from msptool.demo.records import answers, records
from msptool.demo.records.record import Boot, Record, boot, counter, lines, octets

TODAY = date(2026, 11, 24)
SEEDS = range(1, 16)
MOST_BYTES = 1365


def agents(drawn: Blueprint) -> list[Host]:
    return [host for host in drawn.hosts if host.snmp()]


def answering(drawn: Blueprint, role: str, folder: Path) -> Answers:
    path = folder / f"{drawn.seed}-{role}"
    path.write_text(answers(drawn, drawn.host(role)))
    return Answers(path)


def values(found: Answers, root: str) -> dict[str, str]:
    """Return a column's values by the rest of their OIDs."""
    start = oid(root)
    under = [where for where in found.order if where[: len(start)] == start]
    return {
        ".".join(map(str, where[len(start) :])): found.now(found.values[where][1])
        for where in under
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_agent_has_a_walkable_set_of_records(seed: int, tmp_path: Path) -> None:
    drawn = blueprint(seed, TODAY)
    for host in agents(drawn):
        found = answering(drawn, host.role, tmp_path)
        at: tuple[int, ...] = (1,)
        count = 0
        while (reply := found.after(at)) != "NONE":
            before, at = at, oid(reply.split("\n")[0])
            assert at > before
            count += 1
        assert count == len(list(records(drawn, host)))
        assert all(len(r.value) <= 3 * MOST_BYTES for r in records(drawn, host))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_forwarding_table_leads_to_the_cables(seed: int, tmp_path: Path) -> None:
    drawn = blueprint(seed, TODAY)
    for role in ("sw1", "sw2"):
        found = answering(drawn, role, tmp_path)
        if_index = values(found, "1.3.6.1.2.1.17.1.4.1.2")
        names = values(found, "1.3.6.1.2.1.31.1.1.1.1")
        column = "1.3.6.1.2.1.17.7.1.2.2.1.2" if _q(drawn, role) else "1.3.6.1.2.1.17.4.3.1.2"
        ports = {_mac(row): port for row, port in values(found, column).items()}
        for cable in drawn.cables:
            if cable.switch == role and cable.end != "laptop":
                port = ports[drawn.host(cable.end).mac]
                name = bytes.fromhex(names[if_index[port]]).decode()
                plan = drawn.host(role).switch
                assert plan is not None
                assert name == plan.if_name(cable.port)
                assert port != if_index[port]
        assert drawn.laptop.mac in ports


def _q(drawn: Blueprint, role: str) -> bool:
    plan = drawn.host(role).switch
    return plan is not None and plan.q_bridge


def _mac(row: str) -> str:
    return ":".join(f"{int(part):02X}" for part in row.split(".")[-6:])


@pytest.mark.parametrize("seed", SEEDS)
def test_both_switches_see_each_other_by_lldp(seed: int, tmp_path: Path) -> None:
    drawn = blueprint(seed, TODAY)
    for role, other in (("sw1", "sw2"), ("sw2", "sw1")):
        found = answering(drawn, role, tmp_path)
        names = values(found, "1.0.8802.1.1.2.1.4.1.1.9").values()
        assert drawn.host(other).name in {bytes.fromhex(name).decode() for name in names}


def test_the_gateway_knows_everybody(tmp_path: Path) -> None:
    drawn = blueprint(3, TODAY)
    table = values(answering(drawn, "gw", tmp_path), "1.3.6.1.2.1.4.22.1.2")
    known = {row.split(".", 1)[1] for row in table}
    others = {host.ip4 for host in drawn.hosts if host.ip4 and host.role != "gw"}
    assert known == others | {drawn.laptop.ip4}


def test_a_growing_value_follows_the_clock_and_wraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "records"
    path.write_text(lines([counter("1.1", 10.0, base=2**32 - 50)], Boot(1000, 10_000)))
    found = Answers(path)
    monkeypatch.setattr("time.time", lambda: 1003.0)
    assert found.get((1, 1)).split("\n")[2] == str(2**32 - 20)
    monkeypatch.setattr("time.time", lambda: 1007.0)
    assert found.get((1, 1)).split("\n")[2] == "20"


def test_a_boot_is_fixed_by_seed_and_role() -> None:
    assert boot(3, "sw1") == boot(3, "sw1") != boot(3, "sw2")
    start = boot(3, "sw1")
    assert start.uptime_s(start.phase_s + 12.5) == 12.5


def test_one_oid_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        lines([octets("1.1", b"a"), octets("1.1", b"b")], Boot(0, 1))


def test_an_unknown_oid_is_none(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_text(lines([Record("1.2", "integer", "5")], Boot(0, 1)))
    found = Answers(path)
    assert found.get((1, 3)) == "NONE"
    assert found.after((1, 2)) == "NONE"
    assert found.after((1,)) == ".1.2\ninteger\n5"
