"""What an agent says of its ports, neighbours and stations, also where it numbers them oddly."""

import pytest
from hypothesis import given

from msptool.audit import agent, mib
from msptool.audit.asset import Snmp, Supply, Ups
from msptool.audit.mib import Rows
from tests.unit.audit.agents import Row, column, hostile, mac, octets

PC, PHONE = "00:11:22:33:44:55", "a0:b1:c2:d3:e4:f5"


def read(rows: Rows) -> Snmp:
    return agent.read(rows, communities=("profile:1",), complete=True, evidence="e")


def ports(names: dict[str | int, str]) -> dict[str, Row]:
    return column(mib.IF_NAME, {index: octets(name) for index, name in names.items()})


def fdb(station: str, port: Row, *, table: str = mib.FDB_PORT, vlan: str = "") -> dict[str, Row]:
    numbers = ".".join(str(octet) for octet in bytes.fromhex(station.replace(":", "")))
    return {f"{table}.{vlan}{numbers}": port}


def test_an_interface_is_named_by_ifname_else_ifdescr_else_its_number() -> None:
    descr = column(mib.IF_DESCR, {1: octets("GigabitEthernet1"), 2: octets("Vlan1"), 3: octets("")})
    told = read({**descr, **ports({1: "Gi1", 2: ""})})
    assert [i.name for i in told.interfaces] == ["Gi1", "Vlan1", "ifIndex 3"]


def test_the_64_bit_counter_goes_before_the_one_that_wraps() -> None:
    names = ports({1: "Gi1", 2: "Gi2"})
    narrow = column(mib.IF_IN_UCAST, {1: 5, 2: 6})
    told = read({**names, **narrow, **column(mib.IF_HC_IN_UCAST, {1: 2**40})})
    assert [i.in_packets for i in told.interfaces] == [2**40, 6]


def test_what_was_not_said_is_none_and_no_zero() -> None:
    (port,) = read(ports({1: "Gi1"})).interfaces
    assert (port.in_packets, port.in_errors, port.mac, port.up) == (None, None, "", False)
    assert read({}).uptime_s is None


def test_bridge_ports_are_no_interface_numbers() -> None:
    rows = {**ports({49: "gi1", 50: "gi2"}), **column(mib.BASE_PORT_IFINDEX, {1: 49, 2: 50})}
    told = read({**rows, **fdb(PC, 2), **fdb(PHONE, 1, table=mib.Q_FDB_PORT, vlan="7.")})
    assert told.stations == {PC: "gi2", PHONE: "gi1"}


def test_a_bridge_port_without_an_interface_keeps_its_number() -> None:
    assert read(fdb(PC, 9)).stations == {PC: "port 9"}


@pytest.mark.parametrize(
    "station",
    [
        "01:00:5e:00:00:fb", "00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:07:b4:00:01:01",
        "00:00:00:00:00:00",
    ],
)  # fmt: skip
def test_groups_and_shared_macs_are_no_stations(station: str) -> None:
    assert read(fdb(station, 1)).stations == {}


@pytest.mark.parametrize("port", [0, "x:31", "o:1.3"])
def test_a_station_behind_no_port_is_left_out(port: Row) -> None:
    assert read(fdb(PC, port)).stations == {}


def test_an_octet_over_255_is_no_mac() -> None:
    assert read({f"{mib.FDB_PORT}.0.17.34.51.68.256": 1}).stations == {}


def neighbour(ident: str, *, chassis: str = mac(PC), description: str = "") -> dict[str, Row]:
    return {
        f"{mib.LLDP_REMOTE_CHASSIS}.0.3.1": chassis,
        f"{mib.LLDP_REMOTE_PORT}.0.3.1": ident,
        f"{mib.LLDP_REMOTE_PORT_DESCR}.0.3.1": octets(description),
        f"{mib.LLDP_REMOTE_NAME}.0.3.1": octets("core"),
    }


def test_a_neighbour_and_the_port_it_is_on() -> None:
    local: dict[str, Row] = {f"{mib.LLDP_LOCAL_PORT_ID}.3": octets("Gi3")}
    (told,) = read({**neighbour(octets("Gi24")), **local}).neighbours
    assert (told.port, told.chassis, told.remote_port, told.name) == ("Gi3", PC, "Gi24", "core")


@pytest.mark.parametrize("ident", [PC, "f4:e2:c6:cc:bb:a0", "ff:ff:ff:ff:ff:fe"])
def test_a_far_port_that_is_a_mac_is_told_by_its_description(ident: str) -> None:
    """Replacement characters are printable: a MAC must not come through as some of them."""
    (told,) = read(neighbour(mac(ident), description="eth0")).neighbours
    assert told.remote_port == "eth0"
    (bare,) = read(neighbour(mac(ident))).neighbours
    assert bare.remote_port == ident


def test_a_local_port_whose_id_is_a_number_is_told_by_its_description() -> None:
    local: dict[str, Row] = {
        f"{mib.LLDP_LOCAL_PORT_ID}.3": octets("3"),
        f"{mib.LLDP_LOCAL_PORT_DESCR}.3": octets("gi3"),
    }
    (told,) = read({**neighbour(octets("x")), **local, **ports({103: "gi3"})}).neighbours
    assert told.port == "gi3"


@pytest.mark.parametrize("index", ["3", "0.3", "0.3.1.2"])
def test_a_neighbour_under_an_odd_index_is_left_out(index: str) -> None:
    assert read({f"{mib.LLDP_REMOTE_CHASSIS}.{index}": mac(PC)}).neighbours == ()


def test_a_ups_and_supplies() -> None:
    rows: dict[str, Row] = {mib.UPS_BATTERY: 3, mib.UPS_MINUTES: 9, mib.UPS_CHARGE: octets("70")}
    assert read(rows).ups == Ups(battery=3, minutes=9)
    assert read({mib.UPS_MAKER: octets("APC")}).ups is None
    supply: dict[str, Row] = {
        f"{mib.SUPPLY_NAME}.1.2": octets("Toner"),
        f"{mib.SUPPLY_LEVEL}.1.2": -3,
        f"{mib.SUPPLY_MAX}.1.2": 100,
    }
    assert read(supply).supplies == (Supply(name="Toner", level=-3, maximum=100),)


@given(hostile())
def test_no_agent_can_crash_us(rows: dict[str, Row]) -> None:
    told = read(rows)
    assert all(len(station) == 17 for station in told.stations)
    assert len({port.index for port in told.interfaces}) == len(told.interfaces)
