"""BKP-021 (of ours): a snapshot passes for one of ours and claims a false time.

restic's own retention keeps the newest of each day by the time that a snapshot claims: four
forged ones made `forget --keep-daily 7` drop 3 of 4 real ones (restic #22057). Ours counts only
what we sealed, by the time of the seal.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-021",
    title={"en": "Snapshot forged or back-dated", "ru": "Снимок подделан или датирован не тем"},
    message={
        "en": "Repository {name}, job {job}: {count} snapshots without a seal claim a time at which"
        " they were not made: {snapshots}.",
        "ru": "Хранилище {name}, задание {job}: снимков без печати, чьё время не то, когда они"
        " сделаны: {count}: {snapshots}.",
    },
    remedy={
        "en": "Find out who can write to the repository and change its password. Run no `restic"
        " forget --keep-…` there; remove these by their ids.",
        "ru": "Выясните, кто может писать в хранилище, и смените его пароль. Не запускайте там"
        " `restic forget --keep-…`; удалите эти снимки по номерам.",
    },
    severity="critical",
    category="backup",
    standards=("CIS 11.3", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"repository"}, needs=("ledger",))
def forged(exhibit: Exhibit) -> Iterator[Violation]:
    """One violation a job."""
    noticed = exhibit.noticed
    for job in noticed.jobs:
        own = noticed.of(job)
        false = (*own.forged, *own.back_dated)
        if false:
            facts = {"job": job, **exhibit.suspected(false)}
            yield Violation(job, facts, evidence=exhibit.evidence)
