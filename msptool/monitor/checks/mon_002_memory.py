"""MON-002: programs can get little more memory without swapping."""

from collections.abc import Iterable

from msptool.judge import Undecided, Violation
from msptool.model import Rule
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Seen

RULE = Rule(
    check="MON-002",
    title={"en": "Memory is almost used up", "ru": "Оперативная память почти исчерпана"},
    message={
        "en": "{used_percent} % of memory is in use, {available_mib} MiB are available; the limit"
        " is {limit} %.",
        "ru": "Занято {used_percent} % памяти, доступно {available_mib} МиБ; предел — {limit} %.",
    },
    remedy={
        "en": "Find the largest processes (ps --sort=-rss); restart one that leaks, or add memory.",
        "ru": "Найдите самые большие процессы (ps --sort=-rss); перезапустите тот, у которого"
        " утечка, или добавьте память.",
    },
    severity="medium",
    category="servers",
    standards=("NIST CSF PR.IR-04",),
)


@CHECKS.check(RULE, kinds=("agent",), needs=("memory",))
def judge(seen: Seen) -> Iterable[Violation]:
    """Compare what is not available with monitor.memory_percent; caches count as available."""
    if seen.memory is None:
        raise Undecided("no-data")
    if seen.memory.used_percent > seen.limits.memory_percent:
        yield Violation(
            part="",
            facts={
                "used_percent": round(seen.memory.used_percent, 1),
                "available_mib": seen.memory.available_bytes // 2**20,
                "limit": seen.limits.memory_percent,
            },
        )
