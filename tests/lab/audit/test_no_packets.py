"""Outside, expired or unnamed: refused, and not a frame leaves, counted on the wire."""

import os

import pytest

from tests.lab.audit import namespace


@pytest.mark.lab
def test_refused_scans_send_nothing() -> None:
    count = 100 if os.environ.get("MSPTOOL_FULL") else 30
    seed = os.environ.get("MSPTOOL_SEED", "20261124")
    told = namespace.told("no_packets", seed, str(count))
    assert told["refused"] == count
    assert told["planned"] == 0
    assert told["left"] == 0
    assert told["control"] > 0, "the counter counts nothing, so it proves nothing"
