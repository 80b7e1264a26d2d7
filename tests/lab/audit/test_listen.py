"""Announcements are heard, not a frame leaves, and no listener outlives who wants to know."""

import pytest

from tests.lab.audit import namespace


@pytest.mark.lab
def test_listening_sends_nothing_and_hears_all() -> None:
    told = namespace.told("listen")
    assert told["heard"] == told["injected"]
    assert told["others"] == 0, "what is for one station was read"
    assert told["left"] == 0
    assert told["control"] > 0, "the counter counts nothing, so it proves nothing"
    assert told["trouble"] == ""
    assert told["refused"], "an authorisation that ended yesterday let us listen"
    assert told["orphan"] == "gone"
