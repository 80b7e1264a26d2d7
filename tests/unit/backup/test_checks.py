import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from msptool import judge, model
from msptool.backup import jobs
from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit, Fault, Heard, chosen, judged
from msptool.backup.keeping.anomaly import Odd
from msptool.backup.keeping.append_only import Trial
from msptool.backup.keeping.guard import Guard
from msptool.backup.keeping.ledger import Noticed, Suspect
from msptool.backup.keeping.retention import Depth, Line, Plan
from msptool.backup.verdicts import TABLE, Verdict

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PROOF = ("proof", "test", "snapshots")
RUN = ("run", "snapshots")
GONE = Suspect("e" * 64, "files", NOW)
NOTICED = Noticed((GONE,), (GONE,), ())
ODD = (Odd("e" * 64, "rewritten", 1.0, 0.02), Odd("e" * 64, "grown", 2e9, 1e9))
GUARD = Guard(Plan((Line("e" * 64, NOW, ()),), ("unproven", "implausible")), Depth(3, 6), ODD)


def exhibit(*faults: Fault, hours_ago: float | None = 1, **facts: object) -> Exhibit:
    at = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    given: dict[str, object] = {
        "name": "files", "now": NOW, "rpo_h": 24, "rto_h": 4, "newest_at": at,
        "snapshot": "f" * 64, "files": 10, "rto_s": 60.0, "faults": faults, **facts,
    }  # fmt: skip
    return Exhibit(**given)  # type: ignore[arg-type]


def said(shown: Exhibit, *sources: str, lacks: Mapping[str, str] | None = None) -> judge.Verdict:
    heard = Heard(jobs.thing("files", {}), shown, lacks or {})
    return judged(chosen(CHECKS, *sources), [heard], client="ACME", now=NOW)


def outcomes(verdict: judge.Verdict) -> dict[str, str]:
    return {attempt.check: attempt.outcome for attempt in verdict.attempts}


def test_a_job_is_the_same_seen_from_any_machine() -> None:
    """Or tickets would stay open when a machine takes a new name."""
    for sources in (RUN, PROOF):
        assert {a.vantage for a in said(exhibit(), *sources).attempts} == {"anywhere"}


def parts(verdict: judge.Verdict) -> set[tuple[str, str]]:
    return {(finding.check, finding.subject.part) for finding in verdict.findings}


def test_ids_are_ours() -> None:
    assert list(CHECKS.load()) == [
        "BKP-002", "BKP-005", "BKP-010", "BKP-011", "BKP-013", "BKP-015", "BKP-016", "BKP-017",
        "BKP-018", "BKP-019", "BKP-020", "BKP-021", "BKP-022", "BKP-023",
    ]  # fmt: skip


@pytest.mark.parametrize("check", list(CHECKS), ids=lambda check: check.rule.check)
def test_every_rule_speaks_both_languages_and_finds_its_facts(
    check: judge.Check[Exhibit],
) -> None:
    shown = exhibit(
        *(Fault(v, "detail", ("/a",), 1) for v in TABLE if v != "ok"),
        hours_ago=None, unsealed="e" * 64, rto_s=99999.0, noticed=NOTICED,
        guard=GUARD, trial=Trial("broken", snapshot="e" * 64),
        unseen=(Fault("could-not-run", "x", ("/a",), 1),),
    )  # fmt: skip
    violations = [v for v in check.judge(shown) if isinstance(v, judge.Violation)]
    assert violations
    for language in model.LANGUAGES:
        assert check.rule.title[language] and check.rule.remedy[language]
        for violation in violations:
            text = model.fill(check.rule.message[language], violation.facts)
            assert "?" not in text and "{" not in text


def test_a_sound_proof_passes_everything() -> None:
    verdict = said(exhibit(unseen=()), *PROOF)
    assert set(outcomes(verdict).values()) == {"pass"}
    assert set(outcomes(verdict)) == {
        "BKP-002", "BKP-013", "BKP-017", "BKP-018", "BKP-019", "BKP-023",
    }  # fmt: skip
    assert verdict.findings == ()


def test_a_sound_backup_passes_what_a_backup_can_tell() -> None:
    verdict = said(exhibit(), *RUN)
    assert outcomes(verdict) == {"BKP-002": "pass", "BKP-016": "pass", "BKP-019": "pass"}


def test_what_was_not_probed_is_no_pass_and_takes_no_proof() -> None:
    assert outcomes(said(exhibit(), *PROOF))["BKP-023"] == "skipped"
    unseen = (Fault("could-not-run", "no cell", ("/a.db",), 1),)
    found = said(exhibit(unseen=unseen), *PROOF)
    assert parts(found) == {("BKP-023", "")}
    assert outcomes(found)["BKP-013"] == "pass"


def test_a_shallow_proof_takes_no_damage_back() -> None:
    found = said(exhibit(partial=True), *PROOF)
    (attempt,) = (a for a in found.attempts if a.check == "BKP-013")
    assert attempt.outcome == "unknown" and "damaged" in attempt.unsure


@pytest.mark.parametrize("verdict", [v for v, m in TABLE.items() if m.sort == "bad"])
def test_each_kind_of_damage_is_a_finding_of_its_own(verdict: Verdict) -> None:
    found = said(exhibit(Fault(verdict, "x", ("/a",), 1)), *PROOF)
    assert parts(found) == {("BKP-013", verdict)}


@pytest.mark.parametrize("verdict", [v for v, m in TABLE.items() if m.sort == "blind"])
def test_blindness_is_no_verdict_on_the_data(verdict: Verdict) -> None:
    lacks = {"proof": "probe-failed"}
    found = said(exhibit(Fault(verdict)), *PROOF, lacks=lacks)
    assert outcomes(found)["BKP-013"] == "unknown"
    assert parts(found) == {("BKP-018", verdict)}


def test_two_reasons_of_one_kind_are_one_finding() -> None:
    faults = (Fault("could-not-run", "first"), Fault("could-not-run", "second"))
    found = said(exhibit(*faults), *PROOF, lacks={"proof": "probe-failed"})
    assert [f.facts["detail_en"] for f in found.findings] == ["first"]


def test_damage_beside_blindness_leaves_the_rest_unsure() -> None:
    found = said(exhibit(Fault("absent", "x", ("/a",), 1), Fault("disk-full")), *PROOF)
    (attempt,) = (a for a in found.attempts if a.check == "BKP-013")
    assert attempt.outcome == "fail" and "damaged" in attempt.unsure


@pytest.mark.parametrize("verdict", [v for v, m in TABLE.items() if m.sort == "blind"])
def test_a_run_that_stopped_early_says_nothing_of_the_rest(verdict: Verdict) -> None:
    found = said(exhibit(Fault(verdict)), *RUN)
    (attempt,) = (a for a in found.attempts if a.check == "BKP-016")
    assert parts(found) == {("BKP-016", verdict)} and attempt.outcome == "fail"
    assert set(attempt.unsure) == {
        v for v, m in TABLE.items() if m.sort in ("bad", "blind") and v != verdict
    }


def test_a_run_that_got_through_settles_what_stopped_others() -> None:
    found = said(exhibit(Fault("incomplete-source", "x", ("/a",))), *RUN)
    (attempt,) = (a for a in found.attempts if a.check == "BKP-016")
    assert attempt.outcome == "fail" and not attempt.unsure


@pytest.mark.parametrize(
    ("hours_ago", "stale"), [(1, False), (23.9, False), (24.1, True), (None, True)]
)
def test_the_age_of_the_newest_backup(hours_ago: float | None, stale: bool) -> None:
    found = said(exhibit(hours_ago=hours_ago), *RUN)
    assert (("BKP-002", "") in parts(found)) is stale


def test_a_clock_that_ran_ahead_makes_no_negative_age() -> None:
    assert exhibit(hours_ago=-0.1).age_s == 0


def test_the_fingerprint_stays_when_files_change() -> None:
    one = said(exhibit(Fault("damaged", "x", ("/a",), 1)), *PROOF).findings[0]
    two = said(exhibit(Fault("damaged", "y", ("/b", "/c"), 2)), *PROOF).findings[0]
    assert model.fingerprint(one.check, one.subject) == model.fingerprint(two.check, two.subject)


@pytest.mark.parametrize("language", model.LANGUAGES)
def test_a_fault_without_names_leaves_no_empty_clause(language: str) -> None:
    for check, sources in (("BKP-013", PROOF), ("BKP-016", RUN), ("BKP-018", PROOF)):
        verdict: Verdict = "damaged" if check == "BKP-013" else "locked"
        for fault in (Fault(verdict), Fault(verdict, "the end."), Fault(verdict, "", ("/a",), 1)):
            found = said(exhibit(fault), *sources)
            (facts,) = (f.facts for f in found.findings if f.check == check)
            (rule,) = (r for r in found.rules if r.check == check)
            text = model.fill(rule.message[language], facts)
            assert text.endswith(".") and not re.search(r"-|\.\.|: ?[.;]|; ?[.;]|  ", text), text


def test_russian_has_no_english_of_ours() -> None:
    for detail in (
        "the variable ACME_NAS is not set", "others can read this secret (/w/secrets/nas)",
        "others can read this secret", "restic ended with code -9", "the time limit ran out",
        "cannot write: No space left on device (/w)", "~x/data: no such user", "it said too much",
        "cannot read the secret: No such file or directory (/w/secrets/nas)",
    ):  # fmt: skip
        told = str(Fault("could-not-run", detail).facts()["detail_ru"])
        assert re.search("[а-я]{4}", told) and "{" not in told, told
        assert detail.rpartition("(")[2] in told or "(" not in detail


def test_a_finding_names_some_files_and_counts_all() -> None:
    names = tuple(f"/srv/{number}" for number in range(30))
    (found,) = said(exhibit(Fault("damaged", "x", names, 30)), *PROOF).findings
    assert found.facts["count"] == 30
    assert str(found.facts["names"]).endswith("/srv/7 (+22)")


def test_a_ticket_follows_the_job_whose_snapshots_vanished_or_are_forged() -> None:
    for noticed, check in ((Noticed((GONE,)), "BKP-020"), (Noticed((), (), (GONE,)), "BKP-021")):
        heard = Heard(jobs.repository("nas", {}), exhibit(noticed=noticed))
        verdict = judged(chosen(CHECKS, "ledger"), [heard], client="ACME", now=NOW)
        assert parts(verdict) == {(check, "files")}
        assert outcomes(verdict)[check] == "fail"


def guarded(made: Guard | None, *sources: str) -> judge.Verdict:
    return said(exhibit(guard=made), *sources)


def test_the_guard_is_told_by_reason_and_kind() -> None:
    verdict = guarded(GUARD, "guard", "proof")
    assert {(c, p) for c, p in parts(verdict) if c in ("BKP-011", "BKP-015", "BKP-022")} == {
        ("BKP-011", "rewritten"), ("BKP-011", "grown"), ("BKP-015", ""),
        ("BKP-022", "unproven"), ("BKP-022", "implausible"),
    }  # fmt: skip
    severities = {f.subject.part: f.severity for f in verdict.findings if f.check == "BKP-011"}
    assert severities == {"rewritten": "high", "grown": "info"}


def test_what_is_not_due_is_not_held_back() -> None:
    quiet = Guard(Plan((Line("e" * 64, NOW, ("newest",)),), ("unproven",)), Depth(6, 6))
    assert guarded(quiet, "guard", "proof").findings == ()


def test_a_backup_alone_says_nothing_of_retention() -> None:
    assert "BKP-022" not in outcomes(guarded(GUARD, "guard"))
    assert outcomes(guarded(None, "guard"))["BKP-011"] == "unknown"


@pytest.mark.parametrize(
    ("trial", "outcome"),
    [(None, "skipped"), (Trial("holds"), "pass"), (Trial("broken"), "fail"),
     (Trial("unknown", "no answer"), "unknown")],
)  # fmt: skip
def test_append_only_that_was_not_tried_is_no_pass(trial: Trial | None, outcome: str) -> None:
    heard = Heard(jobs.repository("nas", {}), exhibit(trial=trial))
    verdict = judged(chosen(CHECKS, "trial"), [heard], client="ACME", now=NOW)
    assert outcomes(verdict) == {"BKP-005": outcome}
