"""Which addresses are one machine, and what it is called, from facts in any order."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from msptool.audit import mib
from msptool.audit.asset import Asset
from msptool.audit.facts import Alive, AnyFact, Grab, Port, Snmp
from msptool.identity import Identities
from msptool.profile.shape import AssetNote
from tests.unit.audit import merging
from tests.unit.audit.agents import Row, octets, system
from tests.unit.audit.build import NOW
from tests.unit.audit.scans import told

V4, OTHER, V6 = "192.0.2.7", "192.0.2.8", "2001:db8::7"
GUID = "5f3c2c1e-8a44-4d1b-9c0e-1f2a3b4c5d6e"
MAC, MAC2 = "00:11:22:33:44:55", "00:11:22:33:44:66"


def fact(kind: Any, address: str = V4, **fields: Any) -> Any:
    return kind(address=address, at=NOW, source="test", **fields)


def alive(address: str = V4, mac: str = "") -> AnyFact:
    return Alive(address=address, at=NOW, source="test", mac=mac)


def port(number: int, address: str = V4, **fields: Any) -> AnyFact:
    return Port(
        **{"address": address, "at": NOW, "source": "nmap", "proto": "tcp", "port": number,
           "state": "open", **fields}
    )  # fmt: skip


def agent(address: str = V4, *, serial: str = "", name: str = "", enterprise: int = 9) -> AnyFact:
    rows: dict[str, Row] = system("", f"1.3.6.1.4.1.{enterprise}.1", name)
    rows |= {f"{mib.ENTITY_CLASS}.1": mib.CHASSIS, f"{mib.ENTITY_SERIAL}.1": octets(serial)}
    return Snmp(address=address, at=NOW, source="snmp", community="profile:1", rows=rows)


def merge(
    *facts: AnyFact,
    identities: Identities | None = None,
    notes: Sequence[AssetNote] = (),
    known: Sequence[str] = (),
) -> list[Asset]:
    identities = Identities({}, {}) if identities is None else identities
    return merging.merge(facts, identities, notes, NOW, ports_known=frozenset(known))


def test_two_addresses_with_one_mac_are_one_machine() -> None:
    (one,) = merge(alive(V6, MAC), alive(V4, MAC))
    assert (one.addresses, one.macs) == ((V4, V6), (MAC,))


def test_two_addresses_with_one_serial_of_one_maker_are_one_machine() -> None:
    facts = [alive(V4, MAC), alive(OTHER, MAC2), agent(V4, serial="FOC1234X0AB")]
    (one,) = merge(*facts, agent(OTHER, serial="FOC1234X0AB"))
    assert one.addresses == (V4, OTHER) and one.macs == (MAC, MAC2)


def test_one_serial_of_two_makers_is_two_machines() -> None:
    facts = [alive(V4), alive(OTHER), agent(V4, serial="SN1234")]
    assert len(merge(*facts, agent(OTHER, serial="SN1234", enterprise=2011))) == 2


@pytest.mark.parametrize("serial", ["", "0000000", "To be filled by O.E.M."])
def test_a_placeholder_joins_nobody(serial: str) -> None:
    facts = [alive(V4), alive(OTHER), agent(V4, serial=serial), agent(OTHER, serial=serial)]
    assert len(merge(*facts)) == 2


def test_one_name_joins_nobody() -> None:
    facts = [alive(V4), alive(OTHER), agent(V4, name="switch"), agent(OTHER, name="switch")]
    assert [asset.name for asset in merge(*facts)] == ["switch", "switch"]


def test_addresses_join_by_way_of_a_third() -> None:
    facts = [alive(V4, MAC), alive(OTHER, MAC2), alive(V6, MAC), agent(V6, serial="FOC1234X0AB")]
    (one,) = merge(*facts, agent(OTHER, serial="FOC1234X0AB"))
    assert one.addresses == (V4, OTHER, V6)


def test_who_did_not_answer_is_no_asset() -> None:
    assert merge(port(22), agent()) == []


def test_a_serial_that_is_learnt_later_keeps_the_id() -> None:
    identities = Identities({}, {})
    (before,) = merge(alive(V4, MAC), identities=identities)
    (after,) = merge(alive(V4, MAC), agent(serial="FOC1234X0AB"), identities=identities)
    (moved,) = merge(alive(OTHER, MAC2), agent(OTHER, serial="FOC1234X0AB"), identities=identities)
    assert before.id == after.id == moved.id
    assert after.aliases[0] == "serial:Cisco/FOC1234X0AB"


def test_a_name_is_the_agents_else_a_servers_own_else_the_address() -> None:
    greeting = "220 mail.example.org ESMTP\r\n"
    mail = [alive(), port(25), fact(Grab, port=25, greeting=greeting)]
    assert [a.name for a in merge(*mail, agent(name="sw-core"))] == ["sw-core"]
    assert [a.name for a in merge(*mail)] == ["mail.example.org"]
    assert [a.name for a in merge(alive())] == [V4]


def test_a_port_stands_once_with_the_address_that_spoke() -> None:
    spoke = fact(Grab, V6, port=22, greeting="SSH-2.0-OpenSSH_9.2\r\n")
    (one,) = merge(alive(V4, MAC), alive(V6, MAC), port(22), port(22, V6), spoke)
    (service,) = one.services
    assert (service.address, service.name, service.spoke) == (V6, "ssh", True)


def test_a_port_that_is_not_open_is_no_service() -> None:
    (one,) = merge(alive(), port(22, state="filtered"), port(23, state="closed"))
    assert one.services == ()


def test_udp_does_not_borrow_what_tcp_said() -> None:
    said = fact(Grab, port=53, greeting="SSH-2.0-odd\r\n")
    (one,) = merge(alive(), port(53), port(53, proto="udp", service="domain"), said)
    assert [(s.part, s.name) for s in one.services] == [("tcp/53", "ssh"), ("udp/53", "domain")]


def test_an_unreadable_certificate_is_kept_as_such() -> None:
    (one,) = merge(alive(), port(443), fact(Grab, port=443, certificate="3000"))
    (shown,) = one.certificates
    assert shown.error and shown.not_after is None


def test_importance_is_the_notes_by_any_alias() -> None:
    for match in ("serial:FOC1234X0AB", "mac:00:11:22:33:44:55", "name:SW-Core", f"ip:{V4}"):
        notes = [AssetNote(match=match, importance="high")]
        facts = [alive(V4, MAC), agent(serial="FOC1234X0AB", name="sw-core")]
        assert [a.importance for a in merge(*facts, notes=notes)] == ["high"], match
    other = [AssetNote(match="name:sw-core-2", importance="high")]
    assert [a.importance for a in merge(alive(), notes=other)] == ["normal"]


def test_ports_are_known_only_where_they_were_looked_at() -> None:
    assert [a.ports_known for a in merge(alive(), known=[V4])] == [True]
    assert [a.ports_known for a in merge(alive(), known=[OTHER])] == [False]
    both = (alive(V4, MAC), alive(V6, MAC))
    assert [a.ports_known for a in merge(*both, known=[V4])] == [False]
    assert [a.ports_known for a in merge(*both, known=[V4, V6])] == [True]


FACTS: list[AnyFact] = [
    alive(V4, MAC), alive(V6, MAC), alive(OTHER, MAC2), port(22), port(22, V6), port(80, OTHER),
    agent(V4, serial="FOC1234X0AB", name="core"), agent(OTHER, name="core"),
    Grab(address=V4, at=NOW, source="grab", port=22, greeting="SSH-2.0-x\r\n"),
    told(OTHER, "smb", guid=GUID, name="FILES", build="20348"), told(V4, "smb", guid=GUID),
    told(OTHER, "ipp", model="LaserJet 4"), told(V6, "mdns", name="files.local"),
    alive(OTHER, MAC), alive("192.0.2.9", "00:00:5e:00:01:01"), told("192.0.2.9", "smb", guid=GUID),
]  # fmt: skip


@given(st.permutations(FACTS))
def test_the_order_of_facts_changes_nothing(facts: list[AnyFact]) -> None:
    def shown(assets: list[Asset]) -> list[Any]:
        return [msgspec.json.encode(structs.replace(a, id="")) for a in assets]

    assert sorted(shown(merge(*facts))) == sorted(shown(merge(*FACTS)))
