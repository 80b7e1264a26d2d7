import dataclasses
import re
import typing
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import model, shipped
from msptool.report.i18n import NBSP, PLURALS, Tongue, catalogue

RU, EN = Tongue("ru"), Tongue("en")
TEMPLATES = shipped.folder("templates") / "report"
SAID = re.compile(r"\b(?:t|self|tongue|_TONGUE)\.say\(\s*f?['\"]([\w.]+)['\"]\s*[,)]")
COUNTED = re.compile(r"\b(?:t|tongue)\.count\(\s*['\"](\w+)['\"]")
# Keys that templates put together from a closed list.
FAMILIES = (
    "unit.", "severity.", "outcome.", "kind.", "privilege.", "importance.", "priority.", "state.",
    "closed.", "source.", "category.", "type.", "module.", "fact.", "trouble.", "run.none.",
    "glossary.", "level.", "restored.", "append.", "escrow.",
)  # fmt: skip


def sources() -> str:
    code = (shipped.folder("templates").parent / "msptool" / "report").rglob("*.py")
    return "\n".join(path.read_text() for path in [*TEMPLATES.glob("*.j2"), *code])


def test_both_languages_have_the_same_words_and_forms() -> None:
    russian, english = catalogue("ru"), catalogue("en")
    assert russian.words.keys() == english.words.keys()
    assert russian.forms.keys() == english.forms.keys()
    assert {len(forms) for forms in russian.forms.values()} == {3}
    assert {len(forms) for forms in english.forms.values()} == {2}
    assert all(russian.words.values())
    assert all(english.words.values())
    for key, words in russian.words.items():
        assert set(re.findall(r"\{\w+\}", words)) == set(
            re.findall(r"\{\w+\}", english.words[key])
        ), key


def test_russian_words_are_russian() -> None:
    latin = {
        key for key, words in catalogue("ru").words.items() if not re.search("[а-яё]", words, re.I)
    }
    assert latin == {"privilege.root", "glossary.rpo.word", "glossary.rto.word"}


def test_every_word_asked_for_is_there_and_every_word_is_asked_for() -> None:
    text, words = sources(), catalogue("en").words
    asked = set(SAID.findall(text))
    titles = {f"{section}.title" for section in SECTIONS}
    assert asked - set(words) == set()
    unused = {k for k in words if k not in asked | titles and not k.startswith(FAMILIES)}
    assert unused == set()
    assert set(COUNTED.findall(text)) == set(catalogue("en").forms)


SECTIONS = (
    "cover", "summary", "unseen", "network", "inventory", "findings", "backups", "monitor",
    "tickets", "method",
)  # fmt: skip


@pytest.mark.parametrize("tongue", [RU, EN])
def test_every_code_of_the_seam_has_words(tongue: Tongue) -> None:
    words = catalogue(tongue.code).words
    for severity in model.SEVERITIES:
        assert f"severity.{severity}" in words
    for outcome in ("pass", "fail", "unknown", "skipped"):
        assert f"outcome.{outcome}" in words
    for kind in ("audit", "backup", "restore", "monitor"):
        assert f"kind.{kind}" in words
        assert f"run.none.{kind}" in words
    for reason, said in model.REASONS.items():
        assert tongue.reason(reason) == said[tongue.code]


@pytest.mark.parametrize("tongue", [RU, EN])
def test_every_code_that_a_proof_tells_has_words(tongue: Tongue) -> None:
    from msptool.backup.keeping import append_only
    from msptool.backup.proof import levels
    from msptool.backup.repository import escrow

    (outcome,) = (f.type for f in dataclasses.fields(append_only.Trial) if f.name == "outcome")
    codes = {
        "level": map(str, range(1, levels.DEEPEST + 1)),
        "restored": typing.get_args(levels.Restore),
        "append": (*typing.get_args(outcome), "untried"),
        "escrow": (*escrow.TELLING, "untried"),
    }
    for group, names in codes.items():
        said = {
            n.partition(".")[2] for n in catalogue(tongue.code).words if n.startswith(f"{group}.")
        }
        assert said == set(names)


def test_categories_of_all_checks_have_words() -> None:
    from msptool.audit.checks import CHECKS as AUDIT
    from msptool.backup.checks import CHECKS as BACKUP
    from msptool.monitor.checks import CHECKS as MONITOR

    rules = [check.rule for checks in (AUDIT, BACKUP, MONITOR) for check in checks]
    assert rules
    assert [r.check for r in rules if f"category.{r.category}" not in catalogue("ru").words] == []


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "узлов"), (1, "узел"), (2, "узла"), (4, "узла"), (5, "узлов"), (11, "узлов"),
     (12, "узлов"), (14, "узлов"), (21, "узел"), (22, "узла"), (111, "узлов"), (101, "узел")],
)  # fmt: skip
def test_russian_plurals(n: int, said: str) -> None:
    assert RU.count("asset", n) == f"{n}{NBSP}{said}"


@given(st.integers(0, 10**9))
def test_plurals_look_only_at_the_last_two_digits(n: int) -> None:
    assert PLURALS["ru"](n) == PLURALS["ru"](n % 100)
    assert PLURALS["en"](n) == (n != 1)


def test_numbers() -> None:
    assert RU.number(18204) == f"18{NBSP}204"
    assert EN.number(18204) == "18,204"
    assert RU.decimal(1234.5) == f"1{NBSP}234,5"
    assert EN.decimal(0.42) == "0.42"
    assert EN.decimal(90.0) == "90"
    assert EN.decimal(100) == "100"


def test_dates_in_the_zone() -> None:
    moscow = Tongue("ru", ZoneInfo("Europe/Moscow"))
    at = datetime(2026, 11, 23, 22, 5, tzinfo=UTC)
    assert moscow.moment(at).replace(NBSP, " ") == "24 ноября 2026 г., 01:05"
    assert EN.date(date(2026, 11, 24)).replace(NBSP, " ") == "24 November 2026"
    assert EN.moment(at).replace(NBSP, " ") == "23 November 2026, 22:05"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 с"), (2.54, "2,5 с"), (59, "59 с"), (851, "14 мин 11 с"), (3600, "1 ч"),
     (86400, "24 ч"), (34083, "9 ч 28 мин"), (3 * 86400 + 7200, "3 д 2 ч"), (3 * 86400 + 5, "3 д")],
)  # fmt: skip
def test_durations(seconds: float, said: str) -> None:
    assert RU.duration(seconds).replace(NBSP, " ") == said


def test_sizes() -> None:
    assert RU.size(0).replace(NBSP, " ") == "0 Б"
    assert EN.size(1536).replace(NBSP, " ") == "1.5 KiB"
    assert EN.size(8053063680).replace(NBSP, " ") == "7.5 GiB"
    assert EN.size(5 * 1024**5).replace(NBSP, " ") == "5,120 TiB"


def test_facts_speak_by_the_unit_in_their_name() -> None:
    assert (
        RU.fact("seen_at", "2026-11-24T05:00:00Z").replace(NBSP, " ") == "24 ноября 2026 г., 05:00"
    )
    assert RU.fact("seen_at", "2026-11-24").replace(NBSP, " ") == "24 ноября 2026 г."
    assert RU.fact("seen_at", "yesterday") == "yesterday"
    assert RU.fact("used_percent", 92.4) == f"92,4{NBSP}%"
    assert RU.fact("free_bytes", 1024).replace(NBSP, " ") == "1 КиБ"
    assert RU.fact("on", True) == "да"
    assert RU.fact("serial", "X1") == "X1"
    assert RU.fact("serial", None) == ""
