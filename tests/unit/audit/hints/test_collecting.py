"""Hints out of agents' tables and files: only what lies in the scope, each once."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import scope
from msptool.audit.facts import Heard, Snmp
from msptool.audit.hints import agents, collecting
from msptool.audit.hints.leads import Lead
from msptool.profile.shape import Scope

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PLAN = scope.plan(
    Scope(networks=("198.51.100.0/24", "2001:db8:5::/64"), authorised_by="X", expires=AT.date()),
    AT.date(),
)
MAC, OTHER = "x:02005e100007", "x:02005e100008"
V6 = "32.1.13.184.0.5" + ".0" * 9 + ".7"
ROWS: dict[str, int | str] = {
    f"{agents.NET_TO_MEDIA}.2.3.198.51.100.7": MAC,
    f"{agents.NET_TO_MEDIA}.4.3.198.51.100.7": 3,
    f"{agents.NET_TO_MEDIA}.2.3.198.51.100.8": OTHER,
    f"{agents.NET_TO_MEDIA}.4.3.198.51.100.8": 2,
    f"{agents.NET_TO_MEDIA}.2.9.203.0.113.7": MAC,
    f"{agents.NET_TO_PHYSICAL}.4.3.2.16.{V6}": MAC,
    f"{agents.NET_TO_PHYSICAL}.7.3.2.16.{V6}": 2,
    f"{agents.NET_TO_PHYSICAL}.4.3.1.4.198.51.100.9": OTHER,
    f"{agents.NET_TO_PHYSICAL}.7.3.1.4.198.51.100.9": 7,
    f"{agents.AT}.3.1.198.51.100.10": OTHER,
    f"{agents.ADDR}.198.51.100.1": "x:c6336401",
    f"{agents.ADDRESS}.1.4.198.51.100.2": 3,
    f"{agents.ADDRESS}.4.20.254.128{'.0' * 13}.1.0.0.0.3": 3,
    f"{agents.LLDP_MANAGEMENT}.0.5.1.1.4.198.51.100.30": 2,
    "1.0.8802.1.1.2.1.4.1.1.9.0.5.1": "x:73772d6c6162",
    f"{agents.CDP}.4.5.1": "x:c633641f",
    f"{agents.CDP}.3.5.1": 1,
    f"{agents.CDP}.6.5.1": "x:5345503031",
}

COLUMNS = {column for table in agents.TABLES for column in table}


def agent(rows: dict[str, int | str]) -> Snmp:
    return Snmp(
        address="198.51.100.1", at=AT, source="snmp", evidence="e", community="x", rows=rows
    )


def test_an_agents_tables_tell_who_is_where() -> None:
    hints = collecting.collect(PLAN, AT, snmp=[agent(ROWS)])
    assert {(h.source, h.address, h.mac, h.name) for h in hints} == {
        ("snmp:arp", "198.51.100.7", "02:00:5e:10:00:07", ""),
        ("snmp:arp", "198.51.100.10", "02:00:5e:10:00:08", ""),
        ("snmp:arp", "2001:db8:5::7", "02:00:5e:10:00:07", ""),
        ("snmp:address", "198.51.100.1", "", ""),
        ("snmp:address", "198.51.100.2", "", ""),
        ("snmp:lldp", "198.51.100.30", "", "sw-lab"),
        ("snmp:cdp", "198.51.100.31", "", "SEP01"),
    }
    assert {hint.evidence for hint in hints} == {"e"}


def test_every_table_is_among_what_is_asked_for() -> None:
    for oid in ROWS:
        if not oid.startswith("1.0.8802.1.1.2.1.4.1"):  # names: asked for by mib.SUBTREES
            assert any(
                oid.startswith(f"{subtree}.") for table in agents.TABLES for subtree in table
            ), oid


@given(
    st.sampled_from(sorted(COLUMNS)),
    st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 20), min_size=1, max_size=20),
    st.sampled_from([3, MAC, "x:", "x:00", "o:1.3.6", "a:198.51.100.9"]),
)
def test_no_index_can_crash_us(subtree: str, index: list[int], value: int | str) -> None:
    rows = {f"{subtree}.{'.'.join(map(str, index))}": value}
    for told in agents.leads(rows).values():
        assert all(isinstance(one, Lead) for one in told)


def test_files_and_names_are_hints_too() -> None:
    file = collecting.File(b"1 02:00:5e:10:00:07 198.51.100.7 pc-lab *\n1 * 203.0.113.9 x *\n", "f")
    (hint,) = collecting.collect(PLAN, AT, files=[file])
    assert (hint.source, hint.name, hint.evidence) == ("dhcp", "pc-lab", "f")
    records: list[dict[str, Any]] = [
        {"address": "198.51.100.7", "name": "pc-lab.office.example"},
        {"address": "203.0.113.7", "name": "stranger"},
        {"done": True, "asked": 2},
    ]
    (named,) = collecting.names(records, PLAN, AT, "n")
    assert (named.address, named.source, named.name) == (
        "198.51.100.7", "dns", "pc-lab.office.example",
    )  # fmt: skip


def test_only_who_was_not_seen_is_asked_again_in_order() -> None:
    hints = collecting.collect(PLAN, AT, snmp=[agent(ROWS)])
    assert collecting.to_ask(hints, {"198.51.100.7", "198.51.100.1"}) == (
        "198.51.100.2", "198.51.100.10", "198.51.100.30", "198.51.100.31", "2001:db8:5::7",
    )  # fmt: skip


def test_announcers_and_whom_a_server_gave_an_address_are_hints() -> None:
    offered = {"client": "02:00:5e:10:00:09", "client-address": "198.51.100.9", "name": "x"}
    server = Heard(
        address="", at=AT, source="listen", evidence="h", protocol="dhcp-server", values=offered
    )
    printer = Heard(
        address="198.51.100.7", at=AT, source="listen", evidence="h", protocol="mdns",
        mac="02:00:5e:10:00:07", values={"name": "prn-lab\nprn-lab-2"},
    )  # fmt: skip
    hints = collecting.collect(PLAN, AT, heard=[server, printer])
    assert [(h.source, h.address, h.mac, h.name) for h in hints] == [
        ("heard:dhcp-server", "198.51.100.9", "02:00:5e:10:00:09", ""),
        ("heard:mdns", "198.51.100.7", "02:00:5e:10:00:07", "prn-lab"),
    ]
