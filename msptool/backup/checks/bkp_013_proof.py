"""BKP-013: a test restore or a reading of the repository found that the data is not well.

The part is the verdict, so that a ticket follows one kind of damage from run to run, however many
files it takes.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.backup.verdicts import TABLE
from msptool.judge import Unsure, Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-013",
    title={"en": "Backup does not prove itself", "ru": "Копия не прошла проверку"},
    message={
        "en": "{name}: {verdict_en}{told_en}{counted_en}{named}{excluded_en}{good_en}.",
        "ru": "{name}: {verdict_ru}{told_ru}{counted_ru}{named}{excluded_ru}{good_ru}.",
    },
    remedy={
        "en": "Save the source as it is now (msptool backup run). Check the disk of the repository,"
        " keep the last proven snapshot, and find out who or what drops files.",
        "ru": "Сохраните источник таким, какой он сейчас (msptool backup run). Проверьте диск"
        " хранилища, сохраните последний проверенный снимок и выясните, кто или что отбрасывает"
        " файлы.",
    },
    severity="high",
    category="backup",
    standards=("CIS 11.5", "NIST CSF RC.RP-03", "ФСТЭК ОДТ.5"),
)


@CHECKS.check(RULE, kinds={"job", "repository"}, needs=("proof",))
def proven(exhibit: Exhibit) -> Iterator[Violation | Unsure]:
    """One violation a kind of damage; what could not be looked at beside it stays unsure."""
    bad = {fault.verdict: fault for fault in exhibit.of("bad")}
    for verdict, fault in bad.items():
        yield Violation(
            verdict,
            {"name": exhibit.name, "snapshot": exhibit.snapshot[:8], **fault.facts()},
            severity="critical" if verdict == "not-restorable" else None,
            evidence=exhibit.evidence,
        )
    if "not-restorable" in bad or exhibit.partial or exhibit.of("blind"):
        for verdict, meaning in TABLE.items():
            if meaning.sort == "bad" and verdict not in bad:
                yield Unsure(verdict, "partial")
