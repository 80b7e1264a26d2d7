"""A plan to render in tests."""

from pathlib import Path

from msptool.schedule.calendar import parse
from msptool.schedule.plan import STEPS, Plan, Task


def plan(
    workspace: str = "/srv/acme", *, client: str = "ACME", script: str = "/opt/bin/msptool",
    temporary: bool = False, calendar: str = "Mon..Fri *-*-* 19:00",
) -> Plan:  # fmt: skip
    """Return a plan with every step."""
    return Plan(
        client=client,
        workspace=Path(workspace),
        script=Path(script),
        language="ru",
        tasks=tuple(
            Task(step, words, parse(calendar), limit) for step, (words, limit) in STEPS.items()
        ),
        writable=(Path(workspace), Path("/backup/my copies")),
        state=Path("/root/.local/state/msptool"),
        temporary=temporary,
    )
