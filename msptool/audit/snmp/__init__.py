"""SNMP v1, v2c and v3: engines, the walker above them, what is asked, and the audit's probe.

The worker imports from here, so nothing heavy is imported before it is needed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msptool.audit.mission import Catch, Mission
    from msptool.audit.scope import Address

DEFAULT_COMMUNITIES = ("public", "private")


def ask_snmp(mission: "Mission", hosts: "Sequence[Address]") -> "Catch":
    """Ask agents with the profile's credentials; see asking.ask."""
    from msptool.audit.snmp import asking

    return asking.ask(mission, hosts)
