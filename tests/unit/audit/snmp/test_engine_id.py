"""Who an agent is without any credential: recorded answers, cut ones and bad ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.snmp import engine_id
from tests.unit.audit.snmp.engine_ids import BY_MAC, BY_NET_SNMP


def test_an_id_made_of_a_mac() -> None:
    assert engine_id.parse(BY_MAC) == {
        "engine_id": "80001f8803aabbccddeeff", "enterprise": "8072", "mac": "aa:bb:cc:dd:ee:ff",
        "boots": "1", "uptime_s": "2",
    }  # fmt: skip


def test_an_id_that_net_snmp_drew() -> None:
    told = engine_id.parse(BY_NET_SNMP)
    assert told["engine_id"].startswith("80001f8880") and told["enterprise"] == "8072"
    assert "mac" not in told and told["boots"] == "1"


@pytest.mark.parametrize(
    ("ident", "told"),
    [
        ("8000000901c0000201", {"enterprise": "9", "address": "192.0.2.1"}),
        ("8000000902" + "20010db8" + "0" * 23 + "1", {"enterprise": "9", "address": "2001:db8::1"}),
        ("80000009037c69f6000001", {"enterprise": "9", "mac": "7c:69:f6:00:00:01"}),
        ("8000000903000000000000", {"enterprise": "9"}),
        ("800007e504" + b"rack 7".hex(), {"enterprise": "2021", "text": "rack 7"}),
        ("800007e504" + b"\x1b[2J".hex(), {"enterprise": "2021"}),
        ("000000630000a1c0c0a80001", {"enterprise": "99"}),
    ],
)
def test_what_ids_hold(ident: str, told: dict[str, str]) -> None:
    assert engine_id.meaning(bytes.fromhex(ident)) == {"engine_id": ident, **told}


@pytest.mark.parametrize("cut", range(len(BY_MAC)))
def test_a_cut_answer_says_nothing(cut: int) -> None:
    assert engine_id.parse(BY_MAC[:cut]) == {}


HOSTILE = {
    "another question's": BY_MAC.replace(b"MSP1", b"MSP2"),
    "an id of zeros": BY_MAC.replace(bytes.fromhex("80001f8803aabbccddeeff"), bytes(11)),
    "a length beyond the end": BY_MAC.replace(b"\x04\x0b", b"\x04\x7f", 1),
    "0xff": b"\xff" * 200,
    "nested": b"\x30\x80" * 3000,
    "no report": BY_MAC.replace(b"\xa8\x1f", b"\xa2\x1f"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_says_nothing(name: str) -> None:
    assert engine_id.parse(HOSTILE[name]) == {}


@given(st.binary(max_size=200))
def test_noise_says_nothing(data: bytes) -> None:
    assert engine_id.parse(data) == {}
