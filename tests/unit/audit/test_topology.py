"""Links and edge ports from what switches tell."""

from msptool.audit import topology
from msptool.audit.asset import Asset, Neighbour
from tests.unit.audit.build import asset, switch

CORE = "00:00:00:00:01:00"
EDGE = "00:00:00:00:02:00"
PC1, PC2, NAS = "00:00:00:00:0a:01", "00:00:00:00:0a:02", "00:00:00:00:0a:03"


def site() -> list[Asset]:
    core = switch(
        "CORE",
        CORE,
        {EDGE: "Gi24", PC1: "Gi24", PC2: "Gi24", NAS: "Gi3"},
        Neighbour(port="Gi24", chassis=EDGE, remote_port="Fa1", name="EDGE"),
    )
    edge = switch(
        "EDGE",
        EDGE,
        {CORE: "Fa1", NAS: "Fa1", PC1: "Fa7", PC2: "Fa7"},
        Neighbour(port="Fa1", chassis=CORE, remote_port="Gi24", name="CORE"),
    )
    hosts = [asset(name, macs=(mac,)) for name, mac in (("PC1", PC1), ("PC2", PC2), ("NAS", NAS))]
    return [core, edge, *hosts]


def test_what_is_seen_through_an_uplink_is_not_behind_it() -> None:
    found = {(e.switch, e.port): e.stations for e in topology.edges(site(), ())}
    assert found == {("CORE", "Gi3"): (NAS,), ("EDGE", "Fa7"): (PC1, PC2)}


def test_each_cable_once_and_lldp_before_tables() -> None:
    links = topology.links(site(), topology.edges(site(), ()))
    assert {(link.a, link.a_port, link.b, link.b_port, link.source) for link in links} == {
        ("CORE", "Gi24", "EDGE", "Fa1", "lldp"),
        ("CORE", "Gi3", "NAS", "", "fdb"),
        ("EDGE", "Fa7", "PC1", "", "fdb"),
        ("EDGE", "Fa7", "PC2", "", "fdb"),
    }


def test_an_uplink_without_lldp_is_known_by_the_switch_behind_it() -> None:
    core = switch("CORE", CORE, {EDGE: "Gi24", PC1: "Gi24"})
    edge = switch("EDGE", EDGE, {CORE: "Fa1", PC1: "Fa7"})
    assert {(e.switch, e.port) for e in topology.edges([core, edge], ())} == {("EDGE", "Fa7")}


def test_a_switch_whose_agent_falls_silent_stays_a_switch() -> None:
    core = switch("CORE", CORE, {EDGE: "Gi24", PC1: "Gi24", PC2: "Gi3"})
    edge = switch("EDGE", EDGE, {CORE: "Fa1", PC1: "Fa7"})
    silent = asset("EDGE", macs=(EDGE,))
    assert {e.port for e in topology.edges([core, silent], ())} == {"Gi24", "Gi3"}
    assert {e.port for e in topology.edges([core, silent], [core, edge])} == {"Gi3"}


def test_a_name_that_two_bear_leads_nowhere() -> None:
    twins = [asset("T1", name="switch"), asset("T2", name="switch")]
    told = switch("S", CORE, {}, Neighbour(port="1", chassis="?", name="switch"))
    assert topology.links([told, *twins], ()) == ()
