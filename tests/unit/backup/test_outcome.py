import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.outcome import classify
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
