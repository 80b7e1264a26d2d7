"""The grab before hosts that stall, drip and flood, and its packets counted on the wire."""

import os

import pytest

from tests.lab.audit import namespace

FULL = bool(os.environ.get("MSPTOOL_FULL"))
HOSTS = 60 if FULL else 16
STALL, DRIP = "198.51.100.2", "198.51.100.1"


@pytest.mark.lab
@pytest.mark.parametrize("pace", ["gentle", "fast"] if FULL else ["gentle"])
def test_odd_hosts_cost_the_others_nothing_and_manners_hold(pace: str) -> None:
    told = namespace.told("grab", pace, str(HOSTS))
    others = [at for host, at in told["done"].items() if host not in (STALL, DRIP)]
    assert len(told["done"]) == HOSTS
    assert max(others) < min(told["done"][STALL], told["done"][DRIP])
    assert told["fragile_bytes"] == 0
    assert told["longest"] <= 16384
    if pace == "gentle":
        assert told["host_most"] <= 40
        assert told["all_most"] <= 1000
    ports = [(r["address"], r["port"]) for r in told["records"] if "port" in r]
    assert len(ports) == len(set(ports)) == 11 + 3 * (HOSTS - 4)
