"""Every probe's reader on what programs really said, on hostile words, and on each cut of them."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool.audit.probes import http, ssdp, table, wellknown
from msptool.audit.probes.probe import LONGEST, MOST_VALUES
from tests.cases import probe_reader

CASES = probe_reader.cases()


def raw(case: Path) -> bytes:
    return (case / "raw").read_bytes()


def name(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def bounded(values: Mapping[str, str]) -> bool:
    return len(values) <= MOST_VALUES and all(len(value) <= LONGEST for value in values.values())


@pytest.mark.parametrize("case", CASES, ids=name)
def test_recorded(case: Path) -> None:
    values = probe_reader.of(case)(raw(case))
    assert values == json.loads((case / "expected.json").read_text())
    assert bounded(values)
    assert (case / "origin").read_text().strip()


def test_every_reader_has_an_answer_that_it_understands_and_a_hostile_one() -> None:
    understood = {c.parent.name for c in CASES if json.loads((c / "expected.json").read_text())}
    hostile = {case.parent.name for case in CASES if case.name.startswith("hostile")}
    assert set(probe_reader.READERS) - understood == set()
    assert set(probe_reader.READERS) - hostile == set()


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_cut_answer_says_less_and_nothing_else(case: Path) -> None:
    """At every length; of long answers' middles, at some three hundred."""
    read, said = probe_reader.of(case), raw(case)
    whole, end = read(said), len(said)
    places = {*range(0, end, 1 + end // 300), *range(min(end, 64)), *range(max(end - 64, 0), end)}
    for at in places:
        for key, value in read(said[:at]).items():
            less = set(re.split(r", | \| ", value)) <= set(re.split(r", | \| ", whole.get(key, "")))
            assert less or (case.parent.name, key) in TOLD_BY_THE_REST, (at, key, value)


# A reader knows these only by what does not follow: a single letter, a bare 220.
TOLD_BY_THE_REST = {
    ("postgresql", "protocol"), ("postgresql", "tls"), ("greeting", "protocol"), ("redis", "auth"),
}  # fmt: skip


@settings(max_examples=40)
@given(st.binary(max_size=400))
def test_no_bytes_can_crash_a_reader(data: bytes) -> None:
    for read in probe_reader.READERS.values():
        assert bounded(read(data))


REAL = [case for case in CASES if not case.name.startswith("hostile")]


@settings(max_examples=300)
@given(st.sampled_from(REAL), st.data())
def test_no_change_of_a_real_answer_can_crash_its_reader(case: Path, data: st.DataObject) -> None:
    said = bytearray(raw(case))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(said) - 1)))
        said[at : at + data.draw(st.integers(0, 4))] = data.draw(
            st.sampled_from(
                (
                    b"\xff" * 4,
                    b"\0\0\0\0",
                    b"\x80",
                    b"\x1b[2J",
                    b"<",
                    b"\n",
                    b"",
                    b"\x7f\xff\xff\xff",
                )
            )
        )
    assert bounded(probe_reader.of(case)(bytes(said)))


FLOODS = (
    b"A" * 16384, b"<title " * 2340, b"220 a." * 2700, b"\xff\xfa" * 8192, b"\n" * 16384,
    b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 3200, b"\x30\x80" * 8192, b" " * 16384,
)  # fmt: skip


@pytest.mark.parametrize("reader", sorted(probe_reader.READERS))
def test_a_flood_is_read_in_no_time(reader: str) -> None:
    read = probe_reader.READERS[reader]
    for flood in FLOODS:
        begun = time.process_time()
        assert bounded(read(flood))
        assert time.process_time() - begun < 0.5


def test_the_protocol_asked_for_is_matched_first() -> None:
    """Redis's `$66` has MySQL's 10 in the same place."""
    said = (probe_reader.PROBES / "redis" / "redis-7.0" / "raw").read_bytes()
    assert table.PARSERS["mysql"](said) == {}
    assert table.PARSERS["redis"](said)["protocol"] == "redis"
    assert table.recognise(said)["protocol"] == "redis"


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("/ui/", "/ui/"),
        ("http://192.0.2.7/x", "/x"),
        ("https://192.0.2.7:8443/x?y", "/x?y"),
        ("http://192.0.2.70/x", ""),
        ("http://192.0.2.7.evil.example/", ""),
        ("http://192.0.2.7@evil.example/", ""),
        ("//evil.example/x", ""),
        ("/a b\r\nX: y", ""),
        ("ftp://192.0.2.7/", ""),
    ],
)
def test_only_a_page_of_the_same_host_is_followed(place: str, path: str) -> None:
    assert http.moved({"status": "302", "location": place}, "192.0.2.7") == path
    assert http.moved({"status": "200", "location": place}, "192.0.2.7") == ""


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("http://192.0.2.7:49152/d.xml", (49152, "/d.xml")),
        ("http://192.0.2.7/d.xml", (80, "/d.xml")),
        ("http://192.0.2.8/d.xml", None),
        ("http://192.0.2.7:0/d.xml", None),
        ("http://192.0.2.7:99999/d.xml", None),
        ("https://192.0.2.7/d.xml", None),
        ("http://192.0.2.7:9100@x/", None),
    ],
)
def test_a_description_elsewhere_is_not_fetched(place: str, told: tuple[int, str] | None) -> None:
    assert ssdp.place({"location": place}, "192.0.2.7") == told


def test_the_makers_pages_are_asked_only_where_something_suggests_them() -> None:
    def asked(port: int, page: dict[str, str], **certificate: str) -> list[str]:
        return [known.name for known in wellknown.suggested(port, page, certificate)]

    assert asked(80, {"status": "200", "title": "Welcome", "server": "nginx"}) == []
    assert asked(80, {"status": "200"}) == ["icon"]
    assert asked(443, {"status": "200", "title": "iLO 5"}) == ["redfish", "ilo"]
    assert asked(443, {"status": "302"}, subject="CN=idrac-ABC1D23,O=Dell Inc.") == ["redfish"]
    assert asked(443, {"status": "200", "title": "VMware ESXi"}) == ["esxi"]
    assert asked(8080, {"status": "200", "server": "http server 1.0", "title": "x"}) == ["qnap"]


def test_our_own_words_sent_back_open_no_port() -> None:
    """An echo service, or a mirror in a firewall."""
    for questions in table.UDP.values():
        for question in questions:
            assert question.parse(question.datagram) == {}


def test_the_questions_by_udp_are_small() -> None:
    """None is worth it as an amplifier's input."""
    sizes = [len(q.datagram) for questions in table.UDP.values() for q in questions]
    assert max(sizes) <= 700
