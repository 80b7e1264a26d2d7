"""Facts of a pass, as a test wants them."""

from datetime import UTC, datetime
from typing import Any

from msptool.judge import Case, Verdict, judge
from msptool.model import Attempt, Finding, Thing
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Seen
from msptool.profile.shape import Monitor

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LIMITS = Monitor(load_per_cpu=2.0, memory_percent=90, disk_percent=90)


def seen(**facts: Any) -> Seen:
    """Return facts with the limits above and a proof every 30 days."""
    return Seen(now=NOW, limits=LIMITS, proof_days=30, **facts)


def tried(check: str, kind: str, facts: Seen, lacks: dict[str, str] | None = None) -> Verdict:
    """Return what one check says of facts."""
    case = Case(Thing(id=f"{kind}:x", kind=kind, name="x"), facts, lacks or {})
    return judge([CHECKS.load()[check]], [case], client="ACME", seen_at=NOW)


def outcome(check: str, kind: str, facts: Seen, lacks: dict[str, str] | None = None) -> Attempt:
    """Return the one attempt."""
    return tried(check, kind, facts, lacks).attempts[0]


def findings(check: str, kind: str, facts: Seen) -> tuple[Finding, ...]:
    """Return the findings."""
    return tried(check, kind, facts).findings
