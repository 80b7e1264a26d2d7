"""The practice network as a fixture: one site per seed and session, never skipped."""

import os
from collections.abc import Iterator

import pytest

from msptool import clock
from msptool.demo.plan import plan
from msptool.demo.site import Site
from msptool.errors import MsptoolError

FULL = bool(os.environ.get("MSPTOOL_FULL"))


def seeds() -> list[int]:
    """Return the seeds of this run: MSPTOOL_SEEDS="1,2,3", else one that is new each day.

    At full size there are ten. A test's id names its seed, so that it can be run again.
    """
    given = os.environ.get("MSPTOOL_SEEDS")
    if given:
        return [int(word) for word in given.split(",")]
    count = 10 if FULL else 1
    first = clock.now().date().toordinal() * 10
    return list(range(first, first + count))


@pytest.fixture(scope="session", params=seeds(), ids=lambda seed: f"seed{seed}")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A running practice network; a missing program fails the test with the remedy."""
    made = Site(plan(request.param, clock.now().date()))
    try:
        made.start()
    except MsptoolError as error:
        pytest.fail(f"{error.message}; remedy: {error.hint}")
    try:
        yield made
    finally:
        made.stop()
