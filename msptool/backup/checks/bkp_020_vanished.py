"""BKP-020 (of ours): a snapshot that we sealed is gone, and we did not delete it.

The part is the job: one ticket a job, however many are gone; it ends when a person accepts the
loss, or when they are back.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-020",
    title={"en": "Snapshots vanished", "ru": "Снимки исчезли"},
    message={
        "en": "Repository {name}, job {job}: {count} sealed snapshots are gone, and msptool did not"
        " delete them: {snapshots}.",
        "ru": "Хранилище {name}, задание {job}: пропало опечатанных снимков: {count}, msptool их не"
        " удалял: {snapshots}.",
    },
    remedy={
        "en": "Find out who deleted them (other retention, a person, an attacker) and take that"
        " right away: an append-only repository. Then: msptool backup forget --accept ID.",
        "ru": "Выясните, кто их удалил (другая чистка, человек, взломщик), и отнимите это право:"
        " хранилище только на дозапись. Затем: msptool backup forget --accept ID.",
    },
    severity="critical",
    category="backup",
    standards=("CIS 11.3", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"repository"}, needs=("ledger",))
def vanished(exhibit: Exhibit) -> Iterator[Violation]:
    """One violation a job."""
    noticed = exhibit.noticed
    for job in noticed.jobs:
        gone = noticed.of(job).vanished
        if gone:
            facts = {"job": job, **exhibit.suspected(gone)}
            yield Violation(job, facts, evidence=exhibit.evidence)
