"""What the grab makes of services that speak late or in pieces; and whom it leaves alone."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import cast

import pytest

from msptool.audit import ports
from msptool.audit.probes import opening, read, smb, ssh, table
from msptool.audit.probes.probe import Ask, Probe, Shield
from msptool.audit.workers import call, grab
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


class Calls:
    """Counts the connections of a grab, and answers them from a table by (port, TLS)."""

    def __init__(self, answers: dict[tuple[int, bool], dict[str, bytes]] | None = None) -> None:
        self.made: list[tuple[int, str, bool]] = []
        self._answers = answers or {}

    def __call__(
        self, host: str, port: int, probe: Probe, wire: Wire, *, timeout_s: float, tls: bool = False
    ) -> Replies:
        self.made.append((port, probe.name, tls))
        said = self._answers.get((port, tls), {})
        return Replies(
            {name: words for name, words in said.items() if name in (probe.name, "tls", "http")}
        )


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    made = Calls()
    monkeypatch.setattr(grab, "call", made)
    return made


LINE = grab.Line(HOST, FREE, 2.0)


@pytest.mark.parametrize("port", [80, 443, 3306, 6379, 8291, 12345])
def test_a_mute_port_gets_at_most_four_connections(calls: Calls, port: int) -> None:
    assert grab.grab(LINE, port).said == {}
    assert 1 <= len(calls.made) <= 4


def test_a_port_of_a_private_protocol_is_only_heard_out(calls: Calls) -> None:
    grab.grab(LINE, 34567)
    assert calls.made == [(34567, "greeting", False)]


@pytest.mark.parametrize("port", sorted(ports.FRAGILE))
def test_a_fragile_port_gets_no_connection(
    calls: Calls, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    grab._grab_host(HOST, dict.fromkeys([port], False), {"timeout_s": 1}, Budget(0))
    assert calls.made == []
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"address": HOST, "done": True}
    ]


def test_a_printers_further_ports_are_left_alone(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    grab._grab_host(HOST, dict.fromkeys([9100, 9112, 9999], False), {"timeout_s": 1}, Budget(0))
    assert calls.made == []
    grab._grab_host(HOST, dict.fromkeys([9999], False), {"timeout_s": 1}, Budget(0))
    assert {port for port, _, _ in calls.made} == {9999}


def test_ports_after_the_hosts_time_are_told_as_such(
    calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    grab._grab_host(
        HOST, dict.fromkeys([80, 81], False), {"timeout_s": 1, "host_limit_s": -1}, Budget(0)
    )
    first, second, done = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["error"], second["error"], done["done"]) == ("host-limit", "host-limit", True)
    assert calls.made == []


def test_the_own_question_comes_first_and_its_answer_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = (probe_reader.PROBES / "redis" / "redis-7.0" / "raw").read_bytes()
    made = Calls({(6379, False): {"redis": said}})
    monkeypatch.setattr(grab, "call", made)
    assert grab.grab(LINE, 6379).said == {"redis": said}
    assert made.made == [(6379, "redis", False)]


def test_a_web_server_that_wants_tls_is_asked_in_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port"
    made = Calls(
        {
            (9999, False): {"http": page},
            (9999, True): {"tls": b"der", "http": b"HTTP/1.1 200 OK\r\n\r\n<title>x</title>"},
        }
    )
    monkeypatch.setattr(grab, "call", made)
    assert grab.grab(LINE, 9999).said == {
        "tls": b"der",
        "http": b"HTTP/1.1 200 OK\r\n\r\n<title>x</title>",
    }


class Crowd(Calls):
    """Counts the conversations that go on at once; they end when so many have met, or soon."""

    def __init__(self, meet: int = 0) -> None:
        super().__init__()
        self.most = self._now = 0
        self._lock = threading.Lock()
        self._meeting = threading.Barrier(meet) if meet else None

    def __call__(
        self, host: str, port: int, probe: Probe, wire: Wire, *, timeout_s: float, tls: bool = False
    ) -> Replies:
        with self._lock:
            self.made.append((port, probe.name, tls))
            self._now += 1
            self.most = max(self.most, self._now)
        if self._meeting:
            self._meeting.wait(5)
        with self._lock:
            self._now -= 1
        return Replies(error="ConnectionRefusedError")


def grabbed(
    monkeypatch: pytest.MonkeyPatch, crowd: Crowd, ports: dict[int, bool], **orders: object
) -> None:
    monkeypatch.setattr(grab, "call", crowd)
    grab._grab_host(HOST, ports, {"timeout_s": 1, **orders}, Budget(0))


def test_several_ports_of_a_host_are_asked_at_once_and_told_before_it_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = Crowd(meet=4)
    grabbed(monkeypatch, crowd, dict.fromkeys((22, 111, 3306, 6379), False), per_host=4)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert crowd.most == 4
    assert {r["port"] for r in told[:-1]} == {22, 111, 3306, 6379}
    assert told[-1] == {"address": HOST, "done": True}


@pytest.mark.parametrize(
    ("ports", "orders"),
    [
        ({22: False, 80: False, 443: False}, {}),
        ({80: False, 443: False, 23: True}, {"per_host": 4}),
        ({80: False, 443: False, 9100: False}, {"per_host": 4}),
        ({80: False, 443: False, 22: False}, {"per_host": 4, "one_by_one": [HOST]}),
    ],
    ids=["usual", "listened-to", "fragile", "spared"],
)
def test_whoever_may_be_small_is_asked_one_port_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ports: dict[int, bool],
    orders: dict[str, object],
) -> None:
    crowd = Crowd()
    grabbed(monkeypatch, crowd, ports, **orders)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert crowd.most == 1
    assert [r["port"] for r in told[:-1]] == [p for p in ports if p != 9100]


def test_a_host_that_says_nothing_on_any_port_is_asked_less_by_many_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Calls()
    monkeypatch.setattr(grab, "call", made)
    trap = dict.fromkeys(range(20001, 20101), False)
    grab._grab_host(HOST, trap, {"timeout_s": 1, "per_host": 4}, Budget(0))
    # Those first and those under way got all their questions, the others one.
    assert len(made.made) <= 100 + 3 * (grab.MUTE_IN_A_ROW + 4)


def test_an_exchange_that_is_spared_is_asked_in_its_own_words_only(calls: Calls) -> None:
    line = grab.Line(HOST, FREE, 2.0, quiet=frozenset({5060, 5062}))
    grab.grab(line, 5060)
    grab.grab(line, 5062)
    assert calls.made == [(5060, "sip", False), (5062, "greeting", False)]


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        ("mit-1.20", ["kerberos", "kerberos-realm"]),
        ("samba-4.17", ["kerberos", "kerberos-realm"]),
        ("windows-by-the-specification", ["kerberos"]),
    ],
)
def test_a_kdc_that_may_tell_its_own_realm_is_asked_for_it(
    monkeypatch: pytest.MonkeyPatch, case: str, asked: list[str]
) -> None:
    def raw(*path: str) -> bytes:
        return probe_reader.PROBES.joinpath(*path, "raw").read_bytes()

    answers = {
        "kerberos": raw("kerberos", case),
        "kerberos-realm": raw("kerberos-realm", "mit-1.20"),
    }
    made: list[str] = []

    def kdc(host: str, port: int, probe: Probe, wire: Wire, **_: object) -> Replies:
        made.append(probe.name)
        return Replies({probe.name: answers[probe.name]})

    monkeypatch.setattr(grab, "call", kdc)
    assert grab.grab(LINE, 88).said.keys() == set(asked)
    assert made == asked


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
