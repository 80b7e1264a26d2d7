"""A name server is asked what it knows of the scope's addresses, slowly, and nobody else is."""

import pytest

from tests.lab.audit import namespace


@pytest.mark.lab
def test_names_of_a_real_server() -> None:
    told = namespace.told("names")
    assert told["names"] == {
        "198.51.100.7": "pc-7.lab.example",
        "198.51.100.9": "prn-9.lab.example",
    }
    assert told["transferred"] == told["names"], "of the zone itself: these were not asked for"
    assert told["trouble"] == ""
    assert told["busiest"] <= 40, "packets in one second, both ways"
    assert told["silent"] == "no-answer"
