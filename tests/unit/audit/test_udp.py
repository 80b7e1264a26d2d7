"""UDP questions, and what is no answer to them: our own echo, another id, another protocol."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import udp
from tests.cases import read_site

(RECORDED,) = (Path(read_site.__file__).parent / "udp").glob("*-53")
DNS, NTP, NBNS = (udp.QUESTIONS[port] for port in (53, 123, 137))
# A server of stratum 2 (RFC 5905, figure 8), and a name table of no names (RFC 1002, 4.2.18).
TIME = b"\x1c\x02\x06\xec" + bytes(44)
TABLE = b"\x4d\x53\x84\x00" + bytes([0, 0, 0, 1] + [0] * 4) + NBNS.datagram[12:46]
TABLE += b"\x00\x21\x00\x01" + bytes(4) + b"\x00\x01\x00"


def recorded() -> bytes:
    return bytes.fromhex(json.loads((RECORDED / "answer.jsonl").read_text())["reply"])


def test_real_answers_are_answers() -> None:
    assert DNS.is_answer(recorded())
    assert NTP.is_answer(TIME)
    assert NBNS.is_answer(TABLE)


@pytest.mark.parametrize("port", sorted(udp.QUESTIONS))
def test_our_own_words_sent_back_are_none(port: int) -> None:
    """An echo service, or a mirror in a firewall, opens no port."""
    assert not udp.QUESTIONS[port].is_answer(udp.QUESTIONS[port].datagram)


def test_an_answer_to_someone_else_is_none() -> None:
    assert not DNS.is_answer(b"\0\0" + recorded()[2:])
    assert not NBNS.is_answer(b"\0\0" + TABLE[2:])
    assert not NTP.is_answer(b"\x1b" + TIME[1:])


@pytest.mark.parametrize(
    ("question", "answer", "least"), [(DNS, recorded(), 12), (NTP, TIME, 48), (NBNS, TABLE, 57)]
)
def test_a_cut_answer_is_none(question: udp.Question, answer: bytes, least: int) -> None:
    assert [question.is_answer(answer[:at]) for at in range(least)] == [False] * least
    assert question.is_answer(answer[:least])


@given(st.binary(max_size=100))
def test_no_datagram_can_crash_us(data: bytes) -> None:
    assert {question.is_answer(data) for question in udp.QUESTIONS.values()} <= {True, False}


def test_the_questions_are_small() -> None:
    assert max(len(question.datagram) for question in udp.QUESTIONS.values()) <= 50
