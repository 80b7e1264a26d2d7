"""Ask the name servers of the profile for names of the scope's addresses: hints, no proof of life.

The server is the one target, so it must lie in the scope as any other; the gate looks.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import datetime

from msptool.audit.facts import AnyFact
from msptool.audit.hints import collecting
from msptool.audit.journal import Journal
from msptool.audit.mission import Errand, Mission, Records, sweep
from msptool.audit.scope import Address
from msptool.profile.shape import DnsHint

# With its answers a question is two packets; `gentle` promises 40 in any second to a host.
RATE_PPS = {"gentle": 15, "normal": 100, "fast": 500}
MOST = {"gentle": 20_000, "normal": 20_000, "fast": 70_000}
TRIES, WAIT_S = 2, 1.0


def ask(mission: Mission, journal: Journal, addresses: Sequence[Address], server: DnsHint) -> None:
    """Ask one server about addresses; `partial` where the pace did not let us ask about all."""
    pace = mission.orders.pace
    orders = {
        "addresses": [str(address) for address in addresses],
        "zone": server.zone if server.transfer else "",
        "rate_pps": RATE_PPS[pace],
        "tries": TRIES,
        "wait_s": WAIT_S,
        "most": MOST[pace],
    }
    packets = min(TRIES * len(addresses), MOST[pace])
    target = ipaddress.ip_address(server.server)

    def read(_: str, records: Records, at: datetime, evidence: str) -> Iterable[AnyFact]:
        return collecting.names(records, mission.plan, at, evidence)

    limit_s = 60 + 2 * packets / RATE_PPS[pace]
    errand = Errand("dns", [target], orders, read, limit_s, trouble)
    sweep(mission, journal, f"server {target} {server.zone}".rstrip(), errand)


def trouble(records: Sequence[dict[str, object]]) -> str:
    """Return why not every address was asked about, as a key of model.REASONS."""
    end = next((record for record in reversed(records) if record.get("done")), None)
    if end is None or not end.get("answered"):
        return "no-answer"
    return "partial" if end.get("left") else ""
