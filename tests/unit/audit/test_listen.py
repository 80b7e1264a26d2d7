"""When we may not listen, and what is made of a listener's words."""

import ipaddress
from pathlib import Path

import pytest

from msptool import gate, runs
from msptool.audit import listen, scope
from msptool.audit.mission import Mission
from msptool.audit.vantage import Segment, Vantage
from msptool.clock import now
from msptool.model import Privilege
from msptool.profile.shape import Audit, Scope
from msptool.terminal import Progress
from tests.unit.audit.heard.frames_of import every

TODAY = now().date()
ALLOWED = Scope(networks=("198.51.100.0/24",), authorised_by="A. Client", expires=TODAY)


def mission(
    folder: Path, privilege: Privilege = "root", network: str = "198.51.100.0/24"
) -> Mission:
    (folder / "evidence").mkdir()
    ours = ipaddress.ip_network(network)
    segment = Segment("eth0", ours.network_address + 1, ours, "02:00:5e:10:00:01")
    return Mission(
        run=runs.Run("01", "audit", folder, folder),
        warrant=gate.Warrant.of(ALLOWED, "UTC"),
        plan=scope.plan(ALLOWED, TODAY),
        vantage=Vantage((segment,), privilege),
        orders=Audit(),
        nmap="",
        today=TODAY,
        progress=Progress(None),
    )


@pytest.mark.parametrize(
    ("consented", "privilege", "network", "reason"),
    [
        (False, "root", "198.51.100.0/24", "no-consent"),
        (True, "user", "198.51.100.0/24", "no-privilege"),
        (True, "root", "203.0.113.0/24", "not-on-segment"),
    ],
)
def test_what_keeps_us_from_listening_is_said_and_starts_nothing(
    tmp_path: Path, consented: bool, privilege: Privilege, network: str, reason: str
) -> None:
    ordered = mission(tmp_path, privilege, network)
    with listen.listening(ordered, consented=consented) as ears:
        assert ears.skipped == reason
    assert (ears.catch().facts, ears.catch().trouble) == ((), "")


def test_words_of_a_listener_become_facts_with_evidence(tmp_path: Path) -> None:
    ears = listen.Ears(mission(tmp_path))
    raw = next(raw for raw in every() if raw[12:14] == b"\x88\xcc").hex()
    line = f'{{"interface": "eth0", "frame": "{raw}"}}\n'
    ears.ended(f'{{"ready": ["eth0"]}}\n{line}{line}Warning: odd\n{line[:50]}'.encode(), 0)
    catch = ears.catch()
    (fact,) = catch.facts
    assert (fact.address, fact.evidence) == ("198.51.100.7", catch.evidence[0].sha256)
    assert catch.trouble == ""


def test_a_listener_that_fell_or_had_to_drop_some_is_a_trouble(tmp_path: Path) -> None:
    ears = listen.Ears(mission(tmp_path))
    ears.ended(b'{"done": true, "dropped": 7}\n', 0)
    assert ears.catch().trouble == "partial"
    ears.ended(b'{"lost": "eth1", "error": "no such device"}\n{"done": true, "dropped": 0}\n', 0)
    assert ears.catch().trouble == "partial"
    ears.ended(b"Traceback\n", 1)
    assert ears.catch().trouble == "probe-failed"
