"""What probes' words hint at, and what they must not."""

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import announced, clues, kinds, spared, spoken, tables
from msptool.audit.asset import Service
from msptool.audit.facts import Port, Told
from msptool.audit.families import shipped_families
from tests.cases import probe_reader
from tests.unit.audit.build import NOW

HOST = "192.0.2.7"


def told(probe: str, port: int = 0, **values: str) -> Told:
    named = {key.replace("_", "-"): value for key, value in values.items()}
    return Told(address=HOST, at=NOW, source="grab", probe=probe, port=port, values=named)


def best(*facts: Told) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for hint in clues.clues(facts):
        found.setdefault(hint.field, hint.value)
    return found


HP = "HP HTTP Server; HP LaserJet M404dn - W1A53A; Serial Number: PHB4K07231; Built: x"
PVE = "pve1 - Proxmox Virtual Environment"


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (told("smb", name="DC01", build="10.0.20348"), "name=DC01 os=Windows Server 2022"),
        (told("rdp", build="10.0.99999"), "os=Windows version=10.0.99999"),
        (told("tls", cn="FGT60E4Q16000000"), "vendor=Fortinet serial=FGT60E4Q16000000"),
        (told("tls", cn="idrac-ABC1D23"), "vendor=Dell serial=ABC1D23"),
        (told("tls", cn="mail.office.example"), "name=mail dns-name=mail.office.example"),
        (told("http", title=PVE), "name=pve1 os=Proxmox VE"),
        (told("http", server=HP), "vendor=HP model=HP LaserJet M404dn serial=PHB4K07231"),
        (told("sip", product="Yealink SIP-T21P_E2 52.84.0.15"), "vendor=Yealink kind=phone"),
        (told("kerberos-realm", realm="HQ.EXAMPLE"), "domain=HQ.EXAMPLE"),
        (told("pptp", name="branch-gw", vendor="MikroTik"), "name=branch-gw vendor=MikroTik"),
        (told("ssh", product="ROSSSH"), "vendor=MikroTik os=RouterOS"),
        (told("ws-discovery", types="dn:NetworkVideoTransmitter"), "kind=camera"),
    ],
    ids=lambda value: value.probe if isinstance(value, Told) else "",
)
def test_words_hint_at_a_machine(fact: Told, expected: str) -> None:
    found = best(fact)
    for pair in re.split(r" (?=[a-z-]+=)", expected):
        field, _, value = pair.partition("=")
        assert found.get(field) == value


def test_what_every_pptpd_says_names_nobody() -> None:
    assert best(told("pptp", name="local", vendor="linux", version="1")) == {}


HOSTILE = (
    "\x1b[2Jx", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{7*7}}", "a\nforged: line",
    "+1+1", "@x", "${x}", "x" * 5000, "\ufffd\ufffd", "", " ", "-rf",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "field", ["name", "dns-name", "vendor", "model", "serial", "os", "label", "version"]
)
def test_hostile_values_hint_at_nothing(field: str, value: str) -> None:
    assert not clues.is_fit(field, value) or (field, value) == ("label", "a\nforged: line")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "localhost"), ("name", "192.0.2.7"), ("name", "two words"),
        ("serial", "123456789"), ("serial", "0000000"), ("serial", "Default string"),
        ("uuid", "03000200-0400-0500-0006-000700080009"), ("mac", "00:00:00:00:00:00"),
        ("uuid", "00000000-0000-0000-0000-000000000000"), ("model", "To be filled by O.E.M."),
        ("smb-guid", "656c6966-2d73-3130-0000-000000000000"),
    ],
)  # fmt: skip
def test_placeholders_hint_at_nothing(field: str, value: str) -> None:
    assert not clues.is_fit(field, value)


@pytest.mark.parametrize("case", probe_reader.cases(), ids=lambda c: f"{c.parent.name}/{c.name}")
def test_no_case_hints_at_anything_hostile(case: object) -> None:
    folder = probe_reader.PROBES / case.parent.name / case.name  # type: ignore[attr-defined]
    values: dict[str, str] = json.loads((folder / "expected.json").read_text())
    fact = told(folder.parent.name.removeprefix("udp-"), 0, **values)
    for hint in clues.clues([fact]):
        assert hint.value.isprintable()
        assert not set("<>{}`\\") & set(hint.value)
        assert hint.value[0] not in "=+@-|"
        assert 0 < hint.belief < 1


def test_the_most_believed_comes_first_and_once() -> None:
    found = clues.clues(
        [told("tls", cn="nas.example"), told("smb", name="NAS"), told("netbios-ns", name="NAS")]
    )
    names = [hint for hint in found if hint.field == "name"]
    assert [(hint.value, hint.source) for hint in names] == [("NAS", "smb.name")]


@given(
    st.dictionaries(
        st.sampled_from(["title", "server", "realm", "cn", "product", "comment", "types"]),
        st.text(max_size=300),
    )
)
def test_no_words_can_crash_us(values: dict[str, str]) -> None:
    clues.clues(
        [
            told(probe, 0, **values)
            for probe in ("http", "tls", "ssh", "sip", "mdns", "ws-discovery")
        ]
    )


def seen(port: int, *facts: Told) -> Service:
    opened = Port(address=HOST, at=NOW, source="nmap", proto="tcp", port=port, state="open")
    return spoken.service(opened, None, facts)


def test_a_service_goes_by_the_protocol_that_was_understood() -> None:
    said = told("redis", 6379, protocol="redis", product="Redis", version="7.0.15")
    assert (seen(6379, said).name, seen(6379, said).product) == ("redis", "Redis 7.0.15")
    page = told("http", 9200, protocol="http", server="x/1")
    root = told(
        "elasticsearch", 9200, protocol="elasticsearch", product="elasticsearch", version="7.17"
    )
    assert (seen(9200, page, root).name, seen(9200, page, root).product) == (
        "elasticsearch",
        "elasticsearch 7.17",
    )
    assert (
        seen(80, told("http", 80, protocol="http", server="nginx/1.22.1")).product
    ) == "nginx/1.22.1"


def test_of_another_port_or_host_nothing_is_taken() -> None:
    assert seen(80, told("redis", 6379, protocol="redis")).name == ""
    assert not seen(80, told("redis", 6379, protocol="redis")).spoke


def test_a_page_is_the_same_at_another_time() -> None:
    from msptool.audit.facts import Grab

    opened = Port(address=HOST, at=NOW, source="nmap", proto="tcp", port=80, state="open")
    heads = [f"HTTP/1.1 200 OK\r\nDate: {day}\r\nServer: x\r\nETag: {day}\r\n\r\n" for day in "12"]
    first, second = (
        spoken.service(
            opened, Grab(address=HOST, at=NOW, source="grab", port=80, answers={"http": head})
        )
        for head in heads
    )
    assert first == second
    assert first.answers == {"http": "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"}


# What is read of others' names: each must be given by somebody.

# A reader gives these that has cases elsewhere: NTLM's under rdp and winrm; MNDP's are hand-made
# in tests/unit/audit/heard.
ELSEWHERE = {("smb", "build"), ("smb1", "build"), ("kerberos", "realm")}


def recorded() -> set[tuple[str, str]]:
    """Return (probe, key) of all cases, with those of announcements by the probes' names."""
    found = set()
    for case in probe_reader.cases():
        probe = case.parent.name.removeprefix("udp-")
        probe = {"cldap": "ldap"}.get(probe, probe)
        found |= {(probe, key) for key in json.loads((case / "expected.json").read_text())}
    return found


def test_every_key_that_is_read_is_given_by_a_recorded_case() -> None:
    ours = {(protocol, key) for protocol, names in announced.READ.items() for key in names}
    read = {*clues.SAID, *((probe, key) for probe, key, *_ in clues.patterns())}
    read |= {(probe, "build") for probe in clues.BUILDS}
    assert read - recorded() - ELSEWHERE - ours == set()
    assert ours - read == set(), "an announcement's word that clues at nothing"


def test_kinds_have_one_vocabulary() -> None:
    said = {kind for family in shipped_families() for kind in (family.kind, *family.kinds)}
    said |= {maker.kind for maker in tables.makers().values()}
    said |= {row[3]["kind"] for row in clues.patterns() if "kind" in row[3]}
    ports = [(25,), (9100,), (37777,), (8291,), (3389,)]
    said |= {spoken.kind([seen_open(n) for n in some]) for some in ports}
    assert said - {""} <= kinds.KINDS
    assert set(spared._OF_SNMP) <= kinds.KINDS


def seen_open(number: int) -> Service:
    return Service(address=HOST, proto="tcp", port=number, spoke=True)


def test_a_placeholder_is_told_of_and_hostile_words_are_not() -> None:
    said = told("ipp", serial="To be filled by O.E.M.", model="<script>")
    assert [(c.field, c.value) for c in clues.refused([said])] == [
        ("serial", "To be filled by O.E.M.")
    ]


def test_a_build_of_one_windows_tells_its_kind() -> None:
    kind = [best(told("smb", build=build)).get("kind") for build in ("10.0.20348", "10.0.22631")]
    assert kind == ["server", "workstation"]
    assert "kind" not in best(told("smb", build="10.0.17763")), "a client's and a server's"


def test_an_engine_id_tells_a_maker_but_no_agents() -> None:
    def said(number: str) -> Mapping[str, str]:
        values = {"engine_id": "80001f888059dc4e5c17e9a463", "enterprise": number}
        return best(Told(address=HOST, at=NOW, source="snmp", probe="engine-id", values=values))

    assert said("9")["vendor"] == "Cisco" and said("9")["engine"]
    assert "vendor" not in said("8072") and "vendor" not in said("x")
