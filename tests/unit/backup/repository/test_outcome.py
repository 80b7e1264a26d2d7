from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.repository.outcome import classify, hopeless
from msptool.backup.verdicts import Verdict
from msptool.process import Done


def done(code: int, stderr: str = "", *, timed_out: bool = False) -> Done:
    return Done(("restic",), code, b"", stderr.encode(), 1.0, timed_out=timed_out)


@given(st.integers(-15, 255).filter(bool), st.text())
def test_no_code_but_0_is_ever_ok(code: int, stderr: str) -> None:
    assert classify(done(code, stderr)).verdict != "ok"


@pytest.mark.parametrize("code", [2, 4, 13, 99, 130, -9])
def test_a_code_in_no_row_is_a_failure(code: int) -> None:
    outcome = classify(done(code))
    assert outcome.verdict == "could-not-run"
    assert outcome.detail


@pytest.mark.parametrize(
    ("stderr", "verdict"),
    [
        (
            "Fatal: unable to save snapshot: write /r/data/bb-tmp: no space left on device",
            "disk-full",
        ),
        (
            "unable to create lock in backend: write /r/locks/x: no space left on device",
            "disk-full",
        ),
        ("ignoring error for /a: write /o/a: no space left on device\nFatal: 1", "disk-full"),
        ("ignoring error for /a: invalid child node name ../b\nFatal: 1", "not-restorable"),
        (
            "Fatal: unable to create lock in backend: repository is already locked by PID 7",
            "locked",
        ),
    ],
)
def test_what_code_1_means_stands_in_the_words(stderr: str, verdict: Verdict) -> None:
    assert classify(done(1, stderr)).verdict == verdict


def test_a_time_limit_in_the_midst_of_damage_is_damage() -> None:
    retried = "Load(<data/e10acef34e>, 900197, 0) returned error, retrying: unexpected EOF"
    assert classify(done(130, retried, timed_out=True)).verdict == "damaged"
    assert classify(done(130, "", timed_out=True)).verdict == "could-not-run"


def test_words_of_a_network_are_part_of_a_name_in_a_local_repository() -> None:
    text = "error for /a/dial tcp: connection refused: load <data/e10acef34e>: unexpected EOF"
    local = Done(("restic", "check", "--repo=/srv/r"), 1, b"", text.encode(), 1.0)
    assert classify(local).verdict == "damaged"
    assert classify(done(1, text)).verdict == "storage-unreachable"


def test_a_network_that_fails_after_proven_damage_hides_nothing() -> None:
    text = "Pack ID does not match, want 9b, got 23\ndial tcp 127.0.0.1:1: connection refused"
    assert classify(done(1, text)).verdict == "damaged"
    assert classify(done(130, text, timed_out=True)).verdict == "damaged"


def test_a_drive_whose_server_is_gone_is_no_damage() -> None:
    text = "Fatal: unable to open config file: stat /mnt/r/config: host is down\nIs there\n/mnt/r"
    local = Done(("restic", "check", "--repo=/mnt/r"), 1, b"", text.encode(), 1.0)
    assert classify(local).verdict == "storage-unreachable"


_SAVE = "Save(<data/1635082642>) returned error, retrying after {}: {}"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("unexpected HTTP response (500): 500 Internal Server Error", "storage-unreachable"),
        ("server response unexpected: 500 Internal Server Error (500)", "storage-unreachable"),
        ("unexpected HTTP response (507): 507 Insufficient Storage", "disk-full"),
        ("server response unexpected: 413 Request Entity Too Large (413)", "disk-full"),
        ("server response unexpected: 507 Insufficient Storage (507)", "disk-full"),
    ],
)
def test_a_server_without_room_is_no_lost_way_where_it_says_so(
    answer: str, verdict: Verdict
) -> None:
    text = _SAVE.format("42.8s", answer)
    assert classify(done(1, text)).verdict == verdict
    assert classify(done(130, text, timed_out=True)).verdict == verdict


def test_a_folder_that_is_taken_away_is_missing_and_not_damaged() -> None:
    text = "Save(<data/9fb5b8a741>) failed: rename /r/data/9f/9f-tmp: no such file or directory"
    local = Done(("restic", "backup", "--repo=/r"), 1, b"", text.encode(), 1.0)
    assert classify(local).verdict == "repository-missing"
    assert classify(replace(local, timed_out=True)).verdict == "repository-missing"


@pytest.mark.parametrize(
    ("wait", "answer", "vain"),
    [
        ("21.04s", "dial tcp 127.0.0.1:1: connect: connection refused", False),
        ("34.42s", "dial tcp 127.0.0.1:1: connect: connection refused", True),
        ("1m21.3s", "unexpected HTTP response (500): 500 Internal Server Error", True),
        ("1m21.3s", "server response unexpected: 500 Internal Server Error (500)", True),
        ("1m21.3s", "open /r/data/16: no such file or directory", False),
    ],
)
def test_a_file_is_knocked_for_a_minute(wait: str, answer: str, vain: bool) -> None:
    assert hopeless(_SAVE.format(wait, answer).encode()) is vain
