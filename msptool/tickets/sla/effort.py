"""Worked time as the contract counts it: each entry rounded, then added up by what pays for it."""

from collections.abc import Iterable

from msgspec import Struct

from msptool.profile.promises import Effort
from msptool.tickets.events import Timed


class Worked(Struct, frozen=True, kw_only=True, gc=False):
    """Minutes of a month. `included` count against the contract's `contract_min` (0: it names
    none) and go `over_min` beyond it; `billable` are billed; `out_of_scope` are neither.
    """

    entries: int
    worked_min: int
    included_min: int
    contract_min: int
    over_min: int
    billable_min: int
    out_of_scope_min: int


def rounded(minutes: int, plan: Effort) -> int:
    """Return minutes as the plan counts them: up, or to the nearest step, of which half goes up;
    work of any length is at least one step.
    """
    step = plan.round_min
    steps = -(-minutes // step) if plan.round == "up" else (2 * minutes + step) // (2 * step)
    return max(1, steps) * step


def total(entries: Iterable[Timed], plan: Effort) -> Worked:
    """Return what entries come to."""
    found = list(entries)
    by = {billing: 0 for billing in ("included", "billable", "none")}
    for one in found:
        by[one.billing] += rounded(one.minutes, plan)
    contract_min = round(plan.included_h * 60)
    return Worked(
        entries=len(found),
        worked_min=sum(one.minutes for one in found),
        included_min=by["included"],
        contract_min=contract_min,
        over_min=max(0, by["included"] - contract_min) if contract_min else 0,
        billable_min=by["billable"],
        out_of_scope_min=by["none"],
    )
