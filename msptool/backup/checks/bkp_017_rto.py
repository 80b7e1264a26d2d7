"""BKP-017 (of ours): a test restore took longer than agreed."""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Undecided, Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-017",
    title={"en": "Restore takes longer than RTO", "ru": "Восстановление дольше RTO"},
    message={
        "en": "Job {job}: the test restore took {took_h} h; agreed: at most {rto_h} h.",
        "ru": "Задание {job}: пробное восстановление заняло {took_h} ч; договорено: не дольше"
        " {rto_h} ч.",
    },
    remedy={
        "en": "Bring the repository nearer, split the job, or agree on another RTO.",
        "ru": "Приблизьте хранилище, разделите задание или согласуйте другое RTO.",
    },
    severity="medium",
    category="backup",
    standards=("CIS 11.5", "NIST CSF RC.RP-03", "ФСТЭК ОДТ.5"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("proof",))
def slow(exhibit: Exhibit) -> Iterator[Violation]:
    """Hold the clock over restore and comparison against the job's rto_h."""
    if exhibit.rto_s is None:
        raise Undecided("no-data")
    if exhibit.rto_s > exhibit.rto_h * 3600:
        took_h = round(exhibit.rto_s / 3600, 2)
        yield Violation("", {"job": exhibit.name, "took_h": took_h, "rto_h": exhibit.rto_h})
