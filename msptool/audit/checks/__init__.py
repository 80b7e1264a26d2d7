"""What must hold of a client's network; one file a check, found by its place in this folder.

A check gets an Exhibit and yields violations; it never probes. See CONTRIBUTING for a new one.
"""

from dataclasses import dataclass, field
from datetime import datetime

from msptool.audit.asset import Asset, Service
from msptool.audit.topology import EdgePort
from msptool.judge import Checks


@dataclass(frozen=True)
class Exhibit:
    """One asset as this run saw it, the same as the run before saw it, and what is around it.

    `edge_ports` are this asset's own; `protected` tells whether a backup job names the asset,
    None where that cannot be told.
    """

    asset: Asset
    now: datetime
    previous: Asset | None = None
    edge_ports: tuple[EdgePort, ...] = ()
    protected: bool | None = False
    default_communities: tuple[str, ...] = field(default=())

    def fell_silent(self, service: Service, name: str) -> bool:
        """Tell whether the run before heard a protocol where this one got no word of any."""
        before = self.previous.services if self.previous else ()
        return not service.name and any((s.part, s.name) == (service.part, name) for s in before)


CHECKS: Checks[Exhibit] = Checks("msptool.audit.checks")
