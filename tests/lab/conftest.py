"""The practice network as a fixture: one site per seed and session, never skipped."""

import os
from collections.abc import Iterator

import pytest

from msptool import clock
from msptool.demo.plan import plan
from msptool.demo.site import Site
from msptool.errors import MsptoolError

DEFAULT_SEEDS = "3,8"


def seeds() -> list[int]:
    """Return the seeds of this run: MSPTOOL_SEEDS="1,2,3", else two."""
    return [int(word) for word in os.environ.get("MSPTOOL_SEEDS", DEFAULT_SEEDS).split(",")]


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
