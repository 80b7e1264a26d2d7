"""From records to facts: what is not of this host, or no answer, is no fact."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.audit.facts import Grab, Port, Told
from msptool.audit.probes import read, table
from tests.cases import probe_reader
from tests.unit.audit.build import NOW

HOST = "192.0.2.7"


def case(probe: str, name: str) -> str:
    return (probe_reader.PROBES / probe / name / "raw").read_bytes().decode("latin-1")


def record(port: int, **said: str) -> dict[str, Any]:
    return {"address": HOST, "port": port, "said": said}


def test_a_service_gives_a_grab_and_what_each_probe_read() -> None:
    facts = read.tcp(HOST, [record(6379, redis=case("redis", "redis-7.0"))], NOW, "e")
    assert [type(fact) for fact in facts] == [Grab, Told]
    assert {fact.evidence for fact in facts} == {"e"}


def test_records_of_others_are_left_out() -> None:
    other = {**record(22, ssh=case("ssh", "openssh-9.2")), "address": "192.0.2.8"}
    assert read.tcp(HOST, [other, {"address": HOST, "done": True}], NOW, "") == []
    assert read.udp(HOST, [other, {"address": HOST, "done": True}], NOW, "") == []


def test_a_datagram_that_answers_nothing_opens_no_port() -> None:
    echo = table.UDP[123][0].datagram.decode("latin-1")
    assert read.udp(HOST, [record(123, **{"0": echo})], NOW, "") == []
    assert read.udp(HOST, [record(4711, **{"0": "x"})], NOW, "") == []


def test_several_datagrams_of_a_port_are_all_read() -> None:
    said = {"0": case("udp-mdns", "avahi-services"), "1": case("udp-mdns", "avahi-printer")}
    port, *told = read.udp(HOST, [record(5353, **said)], NOW, "")
    assert isinstance(port, Port)
    assert (port.proto, port.port, port.service) == ("udp", 5353, "mdns")
    assert [fact.values.get("model") for fact in told if isinstance(fact, Told)] == [
        None,
        "ECOSYS M2040dn",
    ]


def test_a_description_is_told_beside_its_search() -> None:
    said = {"0": case("udp-ssdp", "minidlna-1.3.0"), "upnp": case("upnp", "minidlna-1.3.0")}
    facts = read.udp(HOST, [record(1900, **said)], NOW, "")
    assert [getattr(fact, "probe", "") for fact in facts] == ["", "ssdp", "upnp"]


def test_a_greeting_that_another_probe_read_is_told_once() -> None:
    said = case("ssh", "openssh-9.2")
    facts = read.tcp(HOST, [record(2200, greeting=said.split("\n")[0] + "\n", ssh=said)], NOW, "")
    assert [fact.probe for fact in facts if isinstance(fact, Told)] == ["ssh"]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["address", "port", "said", "error", "done"]), junk))
def test_no_record_can_crash_us(broken: dict[str, Any]) -> None:
    broken["address"] = HOST
    read.tcp(HOST, [broken], NOW, "")
    read.udp(HOST, [broken], NOW, "")


@pytest.mark.parametrize("port", [True, 1.5, "22", None, [22]])
def test_a_port_that_is_no_number_is_no_fact(port: object) -> None:
    assert read.tcp(HOST, [{"address": HOST, "port": port, "said": {}}], NOW, "") == []
