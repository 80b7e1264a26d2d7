"""Conversations with services that speak late or in pieces, and how few words they take."""

import contextlib
import socket
from collections.abc import Iterator
from typing import cast

import pytest

from msptool.audit.probes import opening, read, smb, ssh, table
from msptool.audit.probes.probe import Ask, Probe, Shield
from msptool.audit.workers import call
from msptool.audit.workers.call import Conversation, Replies
from msptool.audit.workers.wire import Budget, Wire
from tests.cases import probe_reader
from tests.unit.audit.build import NOW

Turn = list[bytes | None]
LATE = None  # a silence longer than our patience
FREE = Wire(Budget(0), Budget(0))
HOST = "192.0.2.7"


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
        return piece[:limit]


def heard(probe: Probe, *turns: Turn) -> tuple[dict[str, bytes], list[bytes]]:
    said, script = Replies(), Script(*turns)
    with contextlib.ExitStack() as stack:
        played = Conversation(cast(socket.socket, script), probe.name, FREE, said, stack)
        played.play(probe.talk(HOST))
    return said.said, script.sent


def unknown(port: int) -> Probe:
    return Probe("greeting", table.recognise, opening.hear(port, page=True))


@pytest.mark.parametrize(
    "greeting",
    [
        [b"220-Welcome\r\n", b"220 ready\r\n"],
        [b"220-Welcome\r\n220-421 is no end\r\n", b"421 neither\r\n22", b"0 ready\r", b"\n"],
        [b"22", b"0 ready\r\n"],
    ],
)
def test_a_greeting_in_pieces_is_not_taken_for_an_answer(greeting: Turn) -> None:
    said, sent = heard(unknown(21), greeting, [b"331 ", b"go\r\n"], [b"230-Hi\r\n", b"230 in\r\n"])
    assert sent[:2] == [b"USER anonymous\r\n", b"PASS audit@example.invalid\r\n"]
    assert said["ftp-user"] == b"331 go\r\n"
    assert said["ftp-pass"] == b"230-Hi\r\n230 in\r\n"


def test_ftp_whose_greeting_never_ends_is_not_asked() -> None:
    assert heard(unknown(21), [b"220-Welcome\r\n"]) == ({"greeting": b"220-Welcome\r\n"}, [])


def test_a_mail_server_is_not_asked_for_ftp() -> None:
    _, sent = heard(unknown(2100), [b"220 mail.example ESMTP, no ftp here\r\n"])
    assert sent == [b"EHLO msptool\r\n"]


@pytest.mark.parametrize(
    ("greeting", "answers", "asked", "shielded"),
    [
        (b"220 m.example ESMTP\r\n", [b"250-m\r\n250 STARTTLS\r\n", b"220 go\r\n"], 2, True),
        (b"220 m.example ESMTP\r\n", [b"250 m\r\n"], 1, False),
        (b"220 m.example ESMTP\r\n", [b"250 STARTTLS\r\n", b"454 no\r\n"], 2, False),
        (b"* OK Dovecot ready\r\n", [b"a1 OK begin\r\n"], 1, True),
        (b"+OK ready\r\n", [b"-ERR\r\n"], 1, False),
        (b"RFB 003.008\n", [], 0, False),
    ],
)
def test_mail_servers_show_their_certificate_where_they_grant_tls(
    greeting: bytes, answers: list[bytes], asked: int, shielded: bool
) -> None:
    talk, said, steps = unknown(25).talk(HOST), iter([greeting, *answers]), []
    step = next(talk, None)
    while step is not None:
        steps.append(step)
        try:
            step = talk.send(next(said, b""))
        except StopIteration:
            break
    assert [type(one) for one in steps] == [Ask] * (1 + asked) + [Shield] * shielded


@pytest.mark.parametrize("words", [b"\xff\xfd\x18\xff\xfd\x20", b"SSH-2.0-dropbear\r\n"])
def test_what_greets_after_our_question_is_known_by_its_words(words: bytes) -> None:
    said, sent = heard(unknown(24), [LATE], [words])
    assert (len(sent), said) == (1, {"http": words})
    assert table.recognise(opening.told_by(said))["protocol"] in ("telnet", "ssh")
    record = {"address": HOST, "port": 24, "said": {"http": words.decode("latin-1")}}
    (fact, told) = read.tcp(HOST, [record], NOW, "")
    assert (fact.greeting, fact.answers) == (words.decode("latin-1"), {})  # type: ignore[union-attr]
    assert told.values["protocol"] in ("telnet", "ssh")  # type: ignore[union-attr]


def test_words_before_the_negotiation_are_read_with_it() -> None:
    said, _ = heard(unknown(23), [b"Welcome\r\n", b"\xff\xfd\x18"])
    assert said == {"greeting": b"Welcome\r\n\xff\xfd\x18"}


def test_a_page_is_an_answer() -> None:
    said, _ = heard(unknown(8123), [LATE], [b"HTTP/1.0 200", b" OK\r\nServer: x\r\n\r\n"])
    assert said == {"http": b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n"}


def test_a_silent_port_said_nothing() -> None:
    assert heard(unknown(23), [LATE], [LATE])[0] == {}


def test_an_smb_answer_is_read_to_its_last_byte() -> None:
    whole = (probe_reader.PROBES / "smb" / "samba-4.17" / "raw").read_bytes()
    first = 4 + int.from_bytes(whole[1:4], "big")
    turn: Turn = [whole[:3], whole[3:9], whole[9:first]]
    said, sent = heard(smb.PROBE, [], turn, [whole[first:]])
    assert (said["smb"], len(sent)) == (whole, 2)


@pytest.mark.parametrize(
    "case", sorted(p.name for p in (probe_reader.PROBES / "ssh").iterdir() if p.name[0] in "od")
)
def test_ssh_asks_for_the_key_in_a_way_the_server_offers(case: str) -> None:
    whole = (probe_reader.PROBES / "ssh" / case / "raw").read_bytes()
    banner = whole.index(b"\n") + 1
    kexinit = banner + 4 + int.from_bytes(whole[banner : banner + 4], "big")
    said, sent = heard(ssh.PROBE, [], [whole[:kexinit]], [whole[kexinit:]])
    assert ssh.parse(said["ssh"])["key-sha256"].startswith("SHA256:")
    (ours, init) = ssh._packets(b"SSH-2.0-x\n" + sent[1])
    assert (ours[0], init[0]) == (20, 30)
    for mine, theirs in zip(ssh._name_lists(ours)[1:8], _lists(whole)[1:8], strict=True):
        assert mine == theirs
    assert ssh._name_lists(ours)[0][0] in _lists(whole)[0]


def _lists(whole: bytes) -> list[list[str]]:
    return ssh._name_lists(next(ssh._packets(whole)))


def test_what_came_before_a_reset_is_kept() -> None:
    class Reset(Script):
        def recv(self, limit: int) -> bytes:
            try:
                return super().recv(limit)
            except TimeoutError:
                raise ConnectionResetError from None

    said = call.read(cast(socket.socket, Reset([b"RFB 003.008"])), lambda _: False, FREE)
    assert said == b"RFB 003.008"
    with pytest.raises(ConnectionResetError):
        call.read(cast(socket.socket, Reset([])), lambda _: False, FREE)


def test_no_answer_is_longer_than_the_limit() -> None:
    said = call.read(cast(socket.socket, Script([b"x" * 9000] * 9)), lambda _: False, FREE)
    assert len(said) == call.LIMIT_BYTES


def test_every_probe_keeps_to_a_few_words() -> None:
    """No conversation goes on and on, whatever it is answered."""
    probes = {id(p): p for p in (*table.TCP.values(), *table.WRAPPED.values())}
    for probe in probes.values():
        for answer in (b"", b"x", b"\xff" * 400):
            talk, steps = probe.talk(HOST), 0
            step = next(talk, None)
            while step is not None:
                steps += 1
                try:
                    step = talk.send(answer)
                except StopIteration:
                    break
            assert steps <= 3, probe.name
