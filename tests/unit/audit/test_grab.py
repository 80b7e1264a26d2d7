"""What the grab makes of services that speak late, slowly, or in pieces."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from msptool.audit.workers import grab
from tests.cases import read_site

Turn = list[str | None]
LATE = None  # a silence longer than our patience


class Script:
    """A connection that says its turns: one turn for the greeting, one after each of our words."""

    def __init__(self, *turns: Turn) -> None:
        self.sent: list[bytes] = []
        self._turns: Iterator[Turn] = iter(turns)
        self._pieces: Turn = next(self._turns, [])
        self._timeout_s: float | None = 2.0

    def gettimeout(self) -> float | None:
        return self._timeout_s

    def settimeout(self, seconds: float) -> None:
        self._timeout_s = seconds

    def sendall(self, data: bytes) -> None:
        self.sent.append(data)
        self._pieces = [*self._pieces, *next(self._turns, [])]

    def recv(self, limit: int) -> bytes:
        piece = self._pieces.pop(0) if self._pieces else LATE
        if piece is LATE:
            raise TimeoutError
        return piece.encode("latin-1")[:limit]


def heard(port: int, *turns: Turn) -> tuple[dict[str, Any], list[bytes]]:
    record: dict[str, Any] = {"answers": {}}
    script = Script(*turns)
    grab.converse(cast(socket.socket, script), "192.0.2.7", port, record)
    return record, script.sent


@pytest.mark.parametrize(
    "greeting",
    [
        ["220-Welcome\r\n", "220 ready\r\n"],
        ["220-Welcome\r\n220-421 is no end\r\n", "421 neither\r\n22", "0 ready\r", "\n"],
        ["22", "0 ready\r\n"],
    ],
)
def test_a_greeting_in_pieces_is_not_taken_for_an_answer(greeting: Turn) -> None:
    record, sent = heard(21, greeting, ["331 ", "go\r\n"], ["230-Hi\r\n", "230 in\r\n"])
    assert sent[:2] == [b"USER anonymous\r\n", b"PASS audit@example.invalid\r\n"]
    assert record["answers"] == {"ftp-user": "331 go\r\n", "ftp-pass": "230-Hi\r\n230 in\r\n"}


def test_ftp_whose_greeting_never_ends_is_not_asked() -> None:
    record, sent = heard(21, ["220-Welcome\r\n"])
    assert (sent, record["answers"]) == ([], {})


@pytest.mark.parametrize("words", ["\xff\xfd\x18\xff\xfd\x20", "SSH-2.0-dropbear\r\n"])
def test_what_greets_after_our_question_is_a_greeting_all_the_same(words: str) -> None:
    record, sent = heard(23, [LATE], [words])
    assert len(sent) == 1
    assert record == {"greeting": words, "answers": {}}


def test_words_before_the_negotiation_are_read_with_it() -> None:
    record, _ = heard(23, ["Welcome\r\n", "\xff\xfd\x18"])
    assert record["greeting"] == "Welcome\r\n\xff\xfd\x18"


def test_a_page_is_an_answer() -> None:
    record, _ = heard(80, [LATE], ["HTTP/1.0 200", " OK\r\nServer: x\r\n\r\n"])
    assert record == {"greeting": "", "answers": {"http": "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n"}}


def test_a_silent_port_said_nothing() -> None:
    assert heard(23, [LATE], [LATE])[0] == {"greeting": "", "answers": {"http": ""}}


def test_an_smb_answer_is_read_to_its_last_byte() -> None:
    recorded = Path(read_site.__file__).parent / "grab" / "file-smb" / "answer.jsonl"
    whole: str = json.loads(recorded.read_text())["answers"]["smb-negotiate"]
    script = Script([], [whole[:3], whole[3:9], whole[9:]], [])
    answers: dict[str, str] = {}
    grab._ask_smb(cast(socket.socket, script), answers)
    assert answers["smb-negotiate"] == whole


def test_what_came_before_a_reset_is_kept() -> None:
    class Reset(Script):
        def recv(self, limit: int) -> bytes:
            try:
                return super().recv(limit)
            except TimeoutError:
                raise ConnectionResetError from None

    record: dict[str, Any] = {"answers": {}}
    grab.converse(cast(socket.socket, Reset(["RFB 003.008"])), "192.0.2.7", 5900, record)
    assert record["greeting"] == "RFB 003.008"
    with pytest.raises(ConnectionResetError):
        grab.converse(cast(socket.socket, Reset([])), "192.0.2.7", 5900, record)
