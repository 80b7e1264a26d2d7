"""Which ports the grab asks what, how many at once; and whom it leaves alone."""

import json
import threading

import pytest

from msptool.audit import ports
from msptool.audit.probes.probe import Probe
from msptool.audit.workers import grab
from msptool.audit.workers.call import Replies
from msptool.audit.workers.wire import Budget, Wire
from tests.cases import probe_reader

FREE = Wire(Budget(0), Budget(0))
HOST = "192.0.2.7"


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
