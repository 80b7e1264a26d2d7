"""Two real machines with one address: ARP shows both, and a finding says so."""

import pytest

from tests.lab.audit import namespace


@pytest.mark.lab
def test_an_address_that_two_machines_answer_for_is_found() -> None:
    assert namespace.told("two_for_one") == {
        "macs": ["00:25:90:00:00:01", "3c:52:82:00:00:02"],
        "assets": 1,
        "parts": ["198.51.100.7"],
    }
