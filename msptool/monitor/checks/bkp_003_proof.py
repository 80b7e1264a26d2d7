"""BKP-003: nobody knows whether this backup can be restored, or nobody looked for too long."""

from collections.abc import Iterable

from msptool import clock
from msptool.judge import Undecided, Violation
from msptool.model import Rule
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Seen

RULE = Rule(
    check="BKP-003",
    title={"en": "Restore was not tested", "ru": "Восстановление не проверялось"},
    message={
        "en": "Job {job}: last proven restore {proven_at} ({age_days} days ago); the profile asks"
        " for one every {limit_days} days. A dash means never.",
        "ru": "Задание {job}: последнее проверенное восстановление {proven_at} ({age_days} дн."
        " назад); по профилю — каждые {limit_days} дн. Прочерк значит «никогда».",
    },
    remedy={
        "en": "Run a test restore (msptool backup verify) and mend what it names.",
        "ru": "Выполните проверочное восстановление (msptool backup verify) и устраните то, что"
        " оно назовёт.",
    },
    severity="high",
    category="backup",
    standards=("CIS 11.5", "NIST CSF RC.RP-03", "ФСТЭК ОДТ.5"),
)


@CHECKS.check(RULE, kinds=("job",), needs=("proof",))
def judge(seen: Seen) -> Iterable[Violation]:
    """Compare the age of the last proof with backup.proof_days."""
    if seen.proof is None:
        raise Undecided("no-data")
    proven_at = seen.proof.proven_at
    age_days = (seen.now - proven_at).total_seconds() / 86400 if proven_at else None
    if age_days is None or age_days > seen.proof_days:
        yield Violation(
            part="",
            facts={
                "job": seen.proof.job,
                "proven_at": clock.iso(proven_at) if proven_at else "—",
                "age_days": round(age_days, 1) if age_days is not None else "—",
                "limit_days": seen.proof_days,
            },
        )
