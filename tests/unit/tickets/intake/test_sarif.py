"""Logs of scanners become tickets, through files and back."""

import json
from typing import Any

import pytest

from msptool.errors import UsageError
from msptool.model import Finding
from msptool.tickets.intake import sarif as room
from tests.unit.tickets.intake.said import result, sarif, scan
from tests.unit.tickets.site import T0, Site


def _findings(*runs: dict[str, Any]) -> tuple[Finding, ...]:
    taken = room.take(sarif(*runs), "ACME", T0)
    assert not taken.refused
    return tuple(f for batch in taken.batches for f in batch.findings)


def _part(**fields: Any) -> str:
    return _findings(scan(result(**fields)))[0].subject.part


def test_a_result_opens_a_ticket_with_its_rules_words(site: Site) -> None:
    rule = {
        "id": "R1", "fullDescription": {"text": "use literal_eval"}, "helpUri": "https://x.example/R1",
        "shortDescription": {"text": "eval is evil"},
        "properties": {"tags": ["security", "external/cwe/cwe-095"], "security-severity": "9.8"},
    }  # fmt: skip
    run = scan(result(), tool={"driver": {"name": "scanner", "rules": [rule]}})
    site.stream(sarif(run))
    about = site.only().about
    assert about is not None
    assert site.only().title.startswith("eval is evil, nightly (src/a.py#")
    assert about.check == "scanner/R1"
    assert about.remedy == {"en": "use literal_eval\nhttps://x.example/R1"}
    assert about.standards == ("CWE-95",)
    assert (about.severity, about.message) == ("critical", {"en": "bad thing in line 7"})


def test_the_same_log_again_is_nothing_and_a_like_one_changes_no_ticket(site: Site) -> None:
    log = sarif(scan(result(), invocations=[
        {"executionSuccessful": True, "startTimeUtc": "2026-11-02T07:00:00Z"}
    ]))  # fmt: skip
    assert site.stream(log).runs
    before = site.snapshot()
    assert site.stream(log).runs == ()
    site.later()
    assert site.stream(sarif(scan(result(line=900)))).seen
    assert site.snapshot() == before


def test_lines_columns_and_counters_are_not_in_the_fingerprint() -> None:
    assert _part(line=7) == _part(line=70)
    assert _part(text="a  =\n b") == _part(text="a = b")
    for one, other in (("a1b2:1", "a1b2:2"), ("R1:src/a.py:12", "R1:src/a.py:98")):
        assert _part(partialFingerprints={"primaryLocationLineHash": one}) == _part(
            partialFingerprints={"primaryLocationLineHash": other}
        )
    column = {"primaryLocationStartColumnFingerprint": "7"}
    assert _part(partialFingerprints=column) == _part()
    assert _part(partialFingerprints={"hash/v1": "x"}) != _part(
        partialFingerprints={"hash/v1": "y"}
    )
    assert _part(text="", line=1) == _part(text="", line=2)


def test_other_files_rules_and_texts_are_other_findings() -> None:
    results = [result(), result(text="exec(x)"), result(file="src/b.py"), result("R2")]
    found = _findings(scan(*results))
    assert len({(f.check, f.subject.part) for f in found}) == 4


def test_a_file_is_named_below_its_root() -> None:
    roots = {"SRC": {"uri": "file:///ci/build-77/"}}
    run = scan(result(file="file:///ci/build-77/src/a.py"), originalUriBaseIds=roots)
    assert _findings(run)[0].subject.part == _part()
    assert _part(file="./src/a.py") == _part(file="src/a%2Epy") == _part()


def test_a_whole_look_resolves_what_is_gone_by_the_rules_that_ran(site: Site) -> None:
    site.stream(sarif(scan(result(), result(text="exec(x)"), result("R2"), result("R3"))))
    site.later()
    outcome = site.stream(sarif(scan(result())))
    gone = {site.read(ident).about.check for ident in outcome.resolved}  # type: ignore[union-attr]
    assert (len(outcome.resolved), gone) == (2, {"scanner/R1", "scanner/R2"})


@pytest.mark.parametrize(
    "run",
    [
        scan(well=False), scan(well=None), scan(scope="other/1"), scan(rules=()),
        scan(scope=""), scan(results=None), scan(results=[{"message": 7}]),
        scan(scope="nightly/1", artifacts=[
            {"location": {"uri": "src/z.py"}, "roles": ["analysisTarget"]}
        ]),
        scan(result(suppressions=[{"kind": "inSource"}])),
        scan(result(kind="review")),
        scan(invocations=[{"executionSuccessful": True}, {"executionSuccessful": False}]),
        scan(invocations=[{"executionSuccessful": True, "ruleConfigurationOverrides": [
            {"descriptor": {"id": "R1"}, "configuration": {"enabled": False}}
        ]}]),
    ],
    ids=[
        "failed", "says nothing of success", "another category", "names no rules", "no scope",
        "did not look", "a result not understood", "other files", "suppressed", "unsure",
        "one of two failed", "rule switched off",
    ],
)  # fmt: skip
def test_what_is_no_whole_look_resolves_nothing(site: Site, run: dict[str, Any]) -> None:
    site.stream(sarif(scan(result())))
    site.later()
    assert not site.stream(sarif(run)).resolved
    assert site.only().active


def test_a_look_at_some_files_resolves_in_them(site: Site) -> None:
    site.stream(sarif(scan(result(), result(file="src/b.py"))))
    listed = [{"location": {"uri": "src/b.py"}, "roles": ["analysisTarget"]}]
    site.later()
    outcome = site.stream(sarif(scan(artifacts=listed)))
    assert [site.read(i).title.partition("(")[2][:8] for i in outcome.resolved] == ["src/b.py"]


def test_suppressed_absent_and_passed_results_open_nothing() -> None:
    assert _findings(scan(
        result(suppressions=[{"kind": "external", "status": "accepted"}]),
        result(baselineState="absent"), result(kind="pass"), result(kind="informational"),
    )) == ()  # fmt: skip
    rejected = result(
        suppressions=[{"kind": "external", "status": "rejected"}, {"kind": "inSource"}]
    )
    assert len(_findings(scan(rejected, result(file="b", baselineState="unchanged")))) == 2


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"level": "error"}, "high"), ({"level": "warning"}, "medium"), ({"level": "note"}, "low"),
        ({"level": "none"}, "info"), ({"level": ""}, "medium"), ({"level": "odd"}, "medium"),
        ({"properties": {"security-severity": "9.0"}}, "critical"),
        ({"properties": {"security-severity": 7}}, "high"),
        ({"properties": {"security-severity": "0.0"}}, "info"),
        ({"properties": {"security-severity": "nan"}}, "high"),
        ({"properties": {"security-severity": [1]}}, "high"),
    ],
)  # fmt: skip
def test_severity_is_the_score_else_the_level(fields: dict[str, Any], severity: str) -> None:
    assert _findings(scan(result(**fields)))[0].severity == severity


def test_rules_are_found_by_place_and_by_what_they_belong_to() -> None:
    by_place = {**result(), "ruleId": "", "ruleIndex": 1}
    below = result("R1/4")
    extension = {
        **result(), "ruleId": "", "rule": {"index": 0, "toolComponent": {"index": 0}},
    }  # fmt: skip
    run = scan(by_place, below, extension)
    run["tool"]["extensions"] = [{"name": "more", "rules": [{"id": "X9"}]}]
    assert [f.check for f in _findings(run)] == ["scanner/R2", "scanner/R1", "scanner/X9"]


def test_a_message_is_filled_from_arguments() -> None:
    rule = {"id": "R1", "messageStrings": {"m": {"text": "{0} of {1} and {7} {0}"}}}
    said = result(message={"id": "m", "arguments": ["a{1}", "b"]})
    (finding,) = _findings(scan(said, tool={"driver": {"name": "t", "rules": [rule]}}))
    assert finding.facts["message"] == "a{1} of b and {7} a{1}"


def test_a_wrong_result_or_run_spoils_no_other(site: Site) -> None:
    odd = {**result(), "ruleId": ""}
    outcome = site.stream(sarif(scan(result(), {"message": 1}, odd), {"tool": 1}))
    assert [(one.line, one.part) for one in outcome.refused] == [
        (2, "result"), (3, "result"), (2, "run")
    ]  # fmt: skip
    assert len(outcome.opened) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", sarif(scan(result()))[:-20], b"\xff\xfe",
        b'{"version":"2.1.0","runs":' + b"[" * 100_000,
        b'{"version":"1.0.0","runs":[]}', b'{"version":2,"runs":[]}',
    ],
)  # fmt: skip
def test_what_is_no_log_is_refused_and_nothing_is_written(site: Site, data: bytes) -> None:
    with pytest.raises(UsageError, match="no log in SARIF"):
        site.stream(data, name="sarif")
    assert site.all() == []


def test_hostile_texts_and_deep_properties_do_no_harm(site: Site) -> None:
    evil = "\x1b[31m\n=1+1\t<script>{{7*7}}\u202e" * 300
    deep: Any = json.loads('{"a":' * 400 + "1" + "}" * 400)
    template = "{0}" * 3_000
    rule = {"id": evil, "messageStrings": {"m": {"text": template}}, "properties": deep}
    run = scan(
        result(evil, file=f"../../{evil}", text=evil, message={"id": "m", "arguments": [evil]}),
        tool={"driver": {"name": evil, "rules": [rule]}},
    )
    site.stream(sarif(run))
    ticket = site.only()
    assert ticket.about is not None
    assert len(ticket.title) < 500 and "\n" not in ticket.title and "\x1b" not in ticket.title
    assert len(ticket.about.message["en"]) <= 4_000
