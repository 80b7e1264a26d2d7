"""What is said of the time left: nothing before there is something to tell from."""

import pytest

from msptool.audit.gauge import Gauge
from msptool.terminal import Progress


@pytest.mark.parametrize(
    ("before", "done", "spent_s", "told"),
    [
        (0, 0, 60.0, "0 of 60"),
        (0, 10, 1.0, "10 of 60"),
        (0, 10, 20.0, "10 of 60, about 2 min left"),
        (0, 10.5, 21.0, "10 of 60, about 2 min left"),
        (50, 55, 10.0, "55 of 60, about 10 s left"),
        (0, 60, 10.0, "60 of 60"),
    ],
)
def test_the_time_left_is_told_by_what_this_run_did(
    before: int, done: float, spent_s: float, told: str
) -> None:
    assert Gauge(Progress(None), "ports", 60, before).told(done, spent_s) == told
