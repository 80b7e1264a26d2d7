"""nmap's words: targets on stdin, no names resolved, no more patience than told."""

import pytest

from msptool.audit import nmap


@pytest.mark.parametrize("pace", ["gentle", "normal", "fast"])
def test_targets_come_from_stdin_alone(pace: str) -> None:
    for argv in (
        nmap.discovery_argv("/usr/bin/nmap", pace=pace, v6=False, raw=True),
        nmap.ports_argv("/usr/bin/nmap", [1], pace=pace, v6=True, raw=False, host_timeout_s=9),
        nmap.services_argv("/usr/bin/nmap", [1], v6=False, pace="gentle"),
    ):
        assert argv[-2:] == ["-iL", "-"]
        assert "-n" in argv, "names are not resolved: a DNS server may be outside the scope"


def test_nmaps_questions_wait_as_long_as_they_are_told() -> None:
    probes = (
        b"Exclude T:9100\nProbe TCP NULL q||\ntotalwaitms 6000\ntcpwrappedms 3000\nmatch x m|y|\n"
    )
    probes += b"Probe TCP GetRequest q|GET|\nrarity 1\n"
    told = nmap.impatient(probes, 1200)
    assert told.count(b"totalwaitms 1200\n") == 2 and b"6000" not in told and b"3000" not in told
    assert told.startswith(b"Exclude T:9100\n") and b"match x m|y|\n" in told
