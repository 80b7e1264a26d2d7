"""What an asset tells the seam."""

from tests.unit.audit.build import asset


def test_no_open_port_is_told_and_unlooked_ports_are_not() -> None:
    assert "ports" not in asset(ports_known=False).thing().facts
    assert asset(ports_known=True).thing().facts["ports"] == ""
