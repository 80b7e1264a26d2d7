"""Who is spared, by each witness alone; who is not, though he looks like it."""

import pytest

from msptool.audit import ports, spared, tables


@pytest.mark.parametrize(
    ("vendor", "kind"),
    [
        ("Brother Industries, LTD.", "printer"),
        ("KYOCERA Document Solutions Inc.", "printer"),
        ("XIAMEN YEALINK NETWORK TECHNOLOGY CO.,LTD", "phone"),
        ("Poly", "phone"),
        ("Siemens AG", "plc"),
        ("Siemens AG, Healthcare Sector", "medical"),
        ("APC by Schneider Electric", "ups"),
        ("American Power Conversion Corp", "ups"),
        ("Draeger Medical Systems, Inc.", "medical"),
        ("Drägerwerk AG & Co. KG aA", "medical"),
        ("Hewlett Packard", None),
        ("Cisco Systems, Inc", None),
        ("Polytronics", None),
        ("Fujitsu Siemens Computers", None),
        ("", None),
    ],
)
def test_makers_of_one_sort_of_things(vendor: str, kind: str | None) -> None:
    told = spared.reason(vendor=vendor)
    assert (told.partition(":")[0] if told else None) == kind


def test_the_prefix_of_a_mac_tells_its_maker_at_24_28_and_36_bits() -> None:
    blocks = tables._spared_blocks()
    for size in (6, 7, 9):
        prefix = next(p for p in blocks if len(p) == size and not int(p[:2], 16) & 2)
        digits = (prefix + "0" * 12)[:12]
        mac = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
        assert spared.reason(mac=mac) == f"{blocks[prefix].kind}: {blocks[prefix].name}"
    assert {maker.kind for maker in blocks.values()} == set(spared.KINDS)
    assert spared.reason(mac="02:00:5e:10:00:07") is None
    for junk in ("junk", "zz:zz:zz:zz:zz:zz", "00"):
        assert spared.reason(mac=junk) is None


def test_the_table_is_of_the_makers_that_the_code_names() -> None:
    for maker in tables._spared_blocks().values():
        assert spared.maker_kind(maker.name) == maker.kind


@pytest.mark.parametrize(
    ("open_ports", "why"),
    [
        ({80, 9100}, "printer: port 9100 (jetdirect)"),
        ({80, 515}, "printer: port 515 (lpd)"),
        ({502}, "plc: port 502 (modbus)"),
        ({445, 3389, 502}, "plc: port 502 (modbus)"),
        ({104}, "medical: port 104 (dicom)"),
        ({80, 3052}, "ups: port 3052 (powerchute)"),
        ({80, 5060}, "phone: port 5060 (sip)"),
        ({22, 80, 631}, None),
        ({135, 445, 515}, None),
        ({135, 3052, 3389}, None),
        ({22, 5060, 3306}, None),
        ({22, 80, 443}, None),
        (set(), None),
    ],
)
def test_ports_of_things_and_of_computers(open_ports: set[int], why: str | None) -> None:
    assert spared.reason(open_ports=open_ports) == why


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"capabilities": "bridge phone"}, "phone"),
        ({"services": "_http._tcp\n_pdl-datastream._tcp"}, "printer"),
        ({"class": "Hewlett-Packard JetDirect"}, "printer"),
        ({"class": "yealink"}, "phone"),
        ({"descr": "Siemens, SIMATIC NET, S7-1500"}, "plc"),
        ({"server": "UPnP/1.0 APC Network Management Card"}, "ups"),
        ({"services": "_ssh._tcp"}, ""),
        ({"name": "groups-01", "descr": "Linux plcmd 6.1"}, ""),
    ],
)
def test_words_of_announcements(told: dict[str, str], kind: str) -> None:
    assert (spared.reason(told=[{}, told]) or "").partition(":")[0] == kind


def test_a_computer_that_shares_a_printer_is_none() -> None:
    shared = {"services": "_ipp._tcp\n_ssh._tcp", "txt-ty": "ACME Printer", "name": "ups-monitor"}
    assert spared.reason(told=[shared])
    assert spared.reason(told=[shared], open_ports={22, 631}) is None


def test_what_an_agent_says_of_itself_goes_first() -> None:
    assert spared.reason(kind="printer", open_ports={22, 502}) == "printer: snmp"
    assert spared.reason(kind="power") == "ups: snmp"
    assert spared.reason(kind="server") is None


def test_every_fragile_port_spares_its_host_and_is_asked_nothing() -> None:
    for port in ports.FRAGILE - set(range(9101, 9108)):
        assert spared.reason(open_ports={port}), port
    for port in ports.FRAGILE:
        assert spared.questions(port) == frozenset()


def test_of_the_spared_only_what_is_known_to_be_safe_is_asked() -> None:
    assert spared.questions(80) == {"http"}
    assert spared.questions(443) == {"tls", "http"}
    assert spared.questions(631) == {"http", "ipp"}
    assert spared.questions(5060) == {"greeting", "sip"}
    assert spared.questions(23) == spared.questions(4711) == {"greeting"}
