"""nmap's XML: whole, cut, hostile."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import nmap_xml
from tests.cases.nmap_scan import Scan, parse

HEAD = (
    '<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n'
    '<nmaprun scanner="nmap" args="nmap -sS" version="7.93">'
)
TAIL = (
    '<runstats><finished time="1" timestr="x" elapsed="1" exit="success"/>'
    '<hosts up="1" down="0" total="1"/></runstats></nmaprun>'
)


def host(address: str, ports: str, *, extra: str = "") -> str:
    family = f"ipv{ipaddress.ip_address(address).version}"
    return (
        f'<host starttime="1"{extra}><status state="up" reason="arp-response"/>'
        f'<address addr="{address}" addrtype="{family}"/>'
        f'<address addr="00:11:22:AA:BB:CC" addrtype="mac" vendor="X"/>'
        f"<hostnames></hostnames><ports>{ports}</ports></host>"
    )


def port(number: int, *, state: str = "open", service: str = "") -> str:
    seen = f'<state state="{state}" reason="x"/>'
    return f'<port protocol="tcp" portid="{number}">{seen}{service}</port>'


def document(*hosts: str, tail: str = TAIL) -> bytes:
    return (HEAD + "".join(hosts) + tail).encode()


def test_reads_hosts_ports_and_what_python_nmap_drops() -> None:
    tls = '<service name="http" tunnel="ssl" product="nginx" version="1.22"/>'
    xml = document(host("192.0.2.7", port(443, service=tls) + port(22)))
    scan = parse(xml)
    assert scan.complete
    (seen,) = scan.hosts
    assert (seen.address, seen.up, seen.looked) == ("192.0.2.7", True, True)
    assert seen.mac == "00:11:22:aa:bb:cc"
    assert [(p.port, p.tunnel, p.product) for p in seen.ports] == [
        (22, "", ""),
        (443, "ssl", "nginx"),
    ]


def test_ipv6_host() -> None:
    (seen,) = parse(document(host("2001:db8::7", port(22)))).hosts
    assert seen.address == "2001:db8::7"


def test_host_that_nmap_gave_up_was_not_looked_at() -> None:
    (seen,) = parse(document(host("192.0.2.7", "", extra=' timedout="true"'))).hosts
    assert not seen.looked


@given(
    st.integers(
        min_value=0,
        max_value=len(document(host("192.0.2.7", port(22)), host("192.0.2.8", port(80)))) - 1,
    )
)
def test_cut_anywhere_is_incomplete_and_invents_nothing(length: int) -> None:
    whole = document(host("192.0.2.7", port(22)), host("192.0.2.8", port(80)))
    scan = parse(whole[:length])
    assert not scan.complete
    assert {h.address for h in scan.hosts} <= {"192.0.2.7", "192.0.2.8"}


def test_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "b">]><nmaprun></nmaprun>'
    assert parse(bomb) == Scan((), complete=False)


def test_one_unreadable_host_hides_no_other() -> None:
    broken = '<host starttime="1"><status state="up"/><ports></ports></host>'
    scan = parse(document(broken, host("192.0.2.8", port(80))))
    assert [h.address for h in scan.hosts] == ["192.0.2.8"]


@given(st.binary(max_size=400))
def test_rubbish_is_never_a_scan(data: bytes) -> None:
    assert parse(data).complete is False


@given(st.lists(st.integers(min_value=1, max_value=400), min_size=1, max_size=40))
def test_a_stream_gives_each_host_as_soon_as_it_is_whole(sizes: list[int]) -> None:
    whole = document(host("192.0.2.7", port(22)), host("192.0.2.8", port(80)))
    stream, told, at = nmap_xml.Stream(), [], 0
    for size in (*sizes, len(whole)):
        told += [seen.address for seen in stream.feed(whole[at : at + size])]
        at += size
        ended = [a for a, end in zip(("192.0.2.7", "192.0.2.8"), _ends(whole), strict=True)
                 if end <= at]  # fmt: skip
        assert told == ended
    stream.close()
    assert stream.complete


def _ends(xml: bytes) -> list[int]:
    first = xml.index(b"</host>") + 7
    return [first, xml.index(b"</host>", first) + 7]


def test_a_host_that_never_ends_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nmap_xml, "HOST_BYTES", 4096)
    stream = nmap_xml.Stream()
    assert not list(stream.feed((HEAD + "<host><status").encode()))
    for _ in range(100):
        assert not list(stream.feed(b"x" * 1000))
        assert len(stream._rest) < 10_000
    assert not list(stream.feed(b"</host>"))
    assert [seen.address for seen in stream.feed(host("192.0.2.8", port(80)).encode())] == [
        "192.0.2.8"
    ]
    stream.close()
    assert not stream.complete


def test_how_far_a_scan_is() -> None:
    words = b'<taskprogress task="SYN" percent="18.66" remaining="14"/>\n<taskprogress percent="9'
    assert list(nmap_xml.percents(words)) == [18.66]
