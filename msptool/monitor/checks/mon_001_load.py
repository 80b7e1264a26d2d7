"""MON-001: the processors have had more work than they can do for a quarter of an hour."""

from collections.abc import Iterable

from msptool.judge import Undecided, Violation
from msptool.model import Rule
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Seen

RULE = Rule(
    check="MON-001",
    title={"en": "Load is too high", "ru": "Слишком высокая нагрузка"},
    message={
        "en": "Load over 15 minutes is {load_per_cpu} per CPU ({load} on {cpus}); the limit is"
        " {limit}.",
        "ru": "Нагрузка за 15 минут — {load_per_cpu} на процессор ({load} на {cpus}); предел —"
        " {limit}.",
    },
    remedy={
        "en": "Find what is running or waiting for disks (top, iotop); move work to another hour"
        " or add processors.",
        "ru": "Найдите, что выполняется или ждёт диска (top, iotop); перенесите работу на другое"
        " время или добавьте процессоры.",
    },
    severity="medium",
    category="servers",
    standards=("NIST CSF PR.IR-04",),
)


@CHECKS.check(RULE, kinds=("agent",), needs=("load",))
def judge(seen: Seen) -> Iterable[Violation]:
    """Compare the load for each CPU with monitor.load_per_cpu."""
    if seen.load is None:
        raise Undecided("no-data")
    if seen.load.per_cpu > seen.limits.load_per_cpu:
        yield Violation(
            part="",
            facts={
                "load": round(seen.load.average, 2),
                "cpus": seen.load.cpus,
                "load_per_cpu": round(seen.load.per_cpu, 2),
                "limit": seen.limits.load_per_cpu,
            },
        )
