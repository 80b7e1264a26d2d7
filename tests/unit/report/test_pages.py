"""What the pages rest on: standing findings, gaps, the tree, the drawing, the charts."""

import hashlib
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from msptool.backup import words
from msptool.cli import report_words
from msptool.model import (
    SEVERITIES,
    Attempt,
    Finding,
    Kind,
    Link,
    Outcome,
    Report,
    Scalar,
    Subject,
    Thing,
)
from msptool.report import backups, charts, drawing, network, problems, unseen
from msptool.report.document import KINDS, Document, Part, Promise
from msptool.report.formats.html import render
from msptool.report.i18n import NBSP, Tongue
from msptool.report.index import Index, message
from msptool.report.summary import Coverage, summarise
from tests.unit.report import sample
from tests.unit.report.sample import NOW, ident

RU, EN = Tongue("ru"), Tongue("en")


def joined(**reports: Report) -> Document:
    parts = tuple(Part(kind=kind, report=reports.get(kind)) for kind in KINDS)
    return Document(
        id="x", built_at=NOW, msptool="1", client="ACME", name="Acme", languages=("en",),
        parts=parts,
    )  # fmt: skip


def run(kind: Kind, after_h: int = 0, **told: Any) -> Report:
    return sample.report(kind, NOW + timedelta(hours=after_h), 60, {}, **told)


def tried(outcome: Outcome, reason: str = "", **more: Any) -> Attempt:
    return Attempt(check="BKP-003", thing="job:files", outcome=outcome, reason=reason, **more)


def found(part: str = "") -> Finding:
    return Finding(check="BKP-003", subject=Subject(thing="job:files", part=part), severity="high")


def test_the_sample_has_fifteen_findings_worst_first() -> None:
    index = Index(sample.document())
    ranks = [SEVERITIES.index(finding.severity) for finding in index.findings]
    assert len(ranks) == 15
    assert ranks == sorted(ranks)


def test_a_later_pass_of_another_kind_of_run_ends_a_finding() -> None:
    backup = run("backup", attempts=(tried("fail"),), findings=(found(),))
    mended = run("restore", 1, attempts=(tried("pass"),))
    assert Index(joined(backup=backup, restore=mended)).findings == ()
    earlier = run("restore", -1, attempts=(tried("pass"),))
    assert len(Index(joined(backup=backup, restore=earlier)).findings) == 1


def test_a_later_look_without_a_verdict_ends_nothing() -> None:
    backup = run("backup", attempts=(tried("fail"),), findings=(found(),))
    blind = run("restore", 1, attempts=(tried("unknown", "timed-out"),))
    index = Index(joined(backup=backup, restore=blind))
    assert len(index.findings) == 1
    assert [attempt.outcome for attempt in index.attempts] == ["fail"]


def test_a_later_look_ends_nothing_about_parts_it_could_not_judge() -> None:
    backup = run("backup", attempts=(tried("fail"),), findings=(found("a"), found("b")))
    later = run("restore", 1, attempts=(tried("fail", unsure=("b",)),), findings=(found("c"),))
    parts = [f.subject.part for f in Index(joined(backup=backup, restore=later)).findings]
    assert parts == ["b", "c"]


def test_a_finding_about_an_alias_is_about_its_thing() -> None:
    thing = Thing(id="01A", kind="asset", name="sw", aliases=("mac:aa",))
    finding = Finding(check="NET-001", subject=Subject(thing="mac:aa"), severity="low")
    index = Index(joined(audit=run("audit", things=(thing,), findings=(finding,))))
    assert index.name("mac:aa") == "sw"
    assert index.by_thing["01A"] == (finding,)


def test_messages_word_dates_and_fractions_but_leave_ports_alone() -> None:
    index = Index(sample.document())
    said = {finding.check: message(index, finding, RU) for finding in index.findings}
    assert "31 октября 2026 г., 12:00" in said["SEC-003"].replace(NBSP, " ")
    assert "4127 ошибок, это 1,84 %" in said["NET-011"]
    assert message(index, replace(found(), check="NEW-1", message="as told"), RU) == "as told"


def test_a_date_at_the_end_of_a_sentence_keeps_one_full_stop() -> None:
    words = {"en": "Ended on {until} ({kind}).", "ru": "Закончилась {until}. Это {kind}."}
    rule = replace(sample.AUDIT_RULES[0], check="X-1", message=words)
    finding = replace(found(), check="X-1", facts={"until": "2024-08-14", "kind": "server"})
    index = Index(joined(audit=run("audit", rules=(rule,), findings=(finding,))))
    said = [message(index, finding, tongue).replace(NBSP, " ") for tongue in (RU, EN)]
    assert said == [
        "Закончилась 14 августа 2024 г. Это сервер.",
        "Ended on 14 August 2024 (server).",
    ]


def test_coverage_rounds_down_and_leaves_out_what_does_not_apply() -> None:
    assert Coverage(999, 1000).percent == 99
    assert Coverage(0, 0).percent is None
    attempts = (tried("skipped", "not-applicable"),)
    assert summarise(joined(backup=run("backup", attempts=attempts))).coverage.asked == 0


def test_the_summary_of_the_sample() -> None:
    told = summarise(sample.document())
    assert told.severities == {"critical": 2, "high": 8, "medium": 4, "low": 1, "info": 0}
    assert (told.worst_category, told.worst_severity) == ("backup", "critical")
    assert [action.check for action in told.actions] == ["BKP-010", "SEC-010", "BKP-001"]
    assert (told.missing, told.cut) == ((), ("backup",))
    assert report_words.lines(told)[0] == "findings: 2 critical, 8 high, 4 medium, 1 low"


def test_nothing_yet_is_said_for_every_kind() -> None:
    told = summarise(joined())
    assert told.missing == KINDS
    assert told.coverage.percent is None
    assert report_words.lines(told)[0] == "findings: unknown"


def test_gaps_name_reason_things_and_parts() -> None:
    gaps = {gap.reason: gap for gap in unseen.gaps(Index(sample.document()))}
    assert gaps["no-snmp"].attempts == 6
    assert gaps["no-consent"].checks == ("NET-002",)
    assert gaps["partial"].places == (unseen.Place("job:files", ("docs/отчёт.xlsx",)),)
    assert "not-applicable" not in gaps


def test_findings_meet_their_tickets_and_their_evidence() -> None:
    groups = {g.check: g for g in problems.groups(Index(sample.document()), EN)}
    telnet = {place.name: place for place in groups["NET-001"].affected}
    assert telnet["sw-core"].ticket is not None
    assert telnet["sw-core"].ticket.state == "open"
    assert telnet["sw-core"].evidence[0].source == "nmap -sV 192.0.2.0/24"
    assert groups["SRV-006"].affected[0].evidence == ()
    assert len(groups["SRV-006"].affected[0].hashes) == 1


def test_every_job_of_the_profile_has_a_row() -> None:
    jobs = {job.name: job for job in backups.jobs(Index(sample.document()), EN)}
    assert (jobs["files"].sort, jobs["files"].verdict) == ("bad", "damaged")
    assert (jobs["1c-base"].sort, jobs["1c-base"].verdict) == ("good", "ok")
    assert (jobs["mail"].sort, jobs["mail"].verdict) == ("blind", "not tested")
    assert "договор.xlsx" in jobs["files"].problems[0].message


def test_a_job_that_no_run_knows_is_not_proven() -> None:
    promised = replace(joined(), promises=(Promise(job="sql", rpo_h=4, rto_h=1),))
    (job,) = backups.jobs(Index(promised), EN)
    assert (job.sort, job.proven_at, job.rto_s) == ("blind", None, None)


def test_a_job_tells_how_its_last_test_looked_and_what_all_tests_prove() -> None:
    english, russian = (
        {job.name: job for job in backups.jobs(Index(sample.document()), tongue)}
        for tongue in (EN, RU)
    )
    sampled = english["1c-base"]
    assert "level 5 of 5" in sampled.tested
    assert sampled.tested.endswith(f"last whole proof is recent. 203{NBSP}files compared.")
    assert russian["1c-base"].tested.endswith(f"проверка была недавно. 203{NBSP}файла сверено.")
    assert "at most 2.6 %" in sampled.covered
    assert "не больше 2,6 %" in russian["1c-base"].covered
    assert english["files"].tested and not english["files"].covered, "it is damaged now"
    assert english["mail"].tested == english["mail"].covered == ""


def test_a_test_that_was_asked_for_says_how_much_it_restored() -> None:
    told = _job(
        level=4, restore="stream", why=words.ASKED, tested_at="2026-11-24T04:50:00Z", files=9
    )
    assert "everything, read through as a stream, as asked" in told.tested


def test_a_test_that_restored_nothing_does_not_boast_of_its_level() -> None:
    told = _job(level=5, restore="full", why=words.SMALL, tested_at="2026-11-24T04:50:00Z", files=0)
    assert told.tested.startswith("The test of 24") and "did not get as far" in told.tested
    shallow = _job(level=2, restore="none", why=words.ASKED, tested_at="2026-11-24T04:50:00Z")
    assert "did not get as far" not in shallow.tested


def test_what_was_promised_and_not_kept_shows() -> None:
    report = run("restore", things=(
        sample.job("files", backup_at=(NOW - timedelta(hours=25)).isoformat(), full_rto_s=3601.0),
    ))  # fmt: skip
    promised = replace(joined(restore=report), promises=(Promise(job="files", rpo_h=24, rto_h=1),))
    (job,) = backups.jobs(Index(promised), EN)
    assert (job.stale, job.slow, job.age_s) == (True, True, 90000.0)
    kept = replace(promised, promises=(Promise(job="files", rpo_h=25, rto_h=1.01),))
    (job,) = backups.jobs(Index(kept), EN)
    assert (job.stale, job.slow) == (False, False)


def test_repositories_tell_of_append_only_and_of_the_password() -> None:
    nas, offsite = backups.repositories(Index(sample.document()), EN)
    assert (nas.name, nas.sort, nas.escrow) == ("nas", "bad", "opens the copies")
    assert nas.append_only == "not agreed, or not tried yet"
    assert offsite.append_only == "yes: our attempt to delete was refused"
    assert (offsite.escrow, offsite.escrow_at) == ("never tried", None)
    assert render(sample.document()).decode().count("offsite") >= 2


def tree(links: list[tuple[str, str]], **kinds: str) -> network.Network:
    names = dict.fromkeys([*kinds, *(end for link in links for end in link)])
    things = tuple(
        Thing(id=n, kind="asset", name=n, facts={"type": kinds[n]} if n in kinds else {})
        for n in names
    )
    told = tuple(Link(a=a, b=b) for a, b in links)
    return network.network(Index(joined(audit=run("audit", things=things, links=told))))


def names_of(node: network.Node) -> list[str]:
    return [node.thing.id, *(name for child in node.below for name in names_of(child))]


def test_the_tree_grows_from_the_gateway_whatever_way_links_are_told() -> None:
    grown = tree([("h", "s"), ("s", "g")], g="router", s="switch", x="printer")
    assert names_of(grown.roots[0]) == ["g", "s", "h"]
    assert [thing.id for thing in grown.loose] == ["x"]


def test_a_loop_is_told_beside_the_tree() -> None:
    grown = tree([("a", "b"), ("b", "c"), ("c", "a")], a="switch", b="switch", c="switch")
    assert len(grown.roots) == 1
    assert len(grown.beside) == 1


def test_the_end_of_a_link_that_no_run_tells_of_is_drawn_by_its_id() -> None:
    told = (Link(a="s", b="ghost"),)
    things = (Thing(id="s", kind="asset", name="s", facts={"type": "switch"}),)
    index = Index(joined(audit=run("audit", things=things, links=told)))
    assert names_of(network.network(index).roots[0]) == ["s", "ghost"]


def test_a_chain_of_ten_thousand_switches_is_drawn_and_its_rest_counted() -> None:
    links = [(str(n), str(n + 1)) for n in range(10_000)]
    (narrow,) = drawing.drawings(tree(links, **{"0": "router"}))
    assert len(narrow.boxes) + narrow.left_out == 10_000  # the last one is a row


def test_the_sample_names_the_ports_at_both_ends() -> None:
    wide, narrow = drawing.drawings(network.network(Index(sample.document())))
    for drawn in (wide, narrow):
        core = next(b for b in drawn.boxes if b.thing and b.thing.id == ident("sw-core"))
        assert (core.up_port, core.port) == ("Gi1/0/24", "ether2")
        assert [row.port for row in core.rows if row.thing and row.thing.name == "skud"] == [
            "Gi1/0/8"
        ]
        assert sum(1 for box in drawn.boxes if box.thing is None) == 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.data())
def test_no_box_lies_on_another_and_every_host_is_drawn_or_counted(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    kinds = {
        str(n): data.draw(st.sampled_from(["router", "switch", "server", ""])) for n in range(31)
    }
    grown = tree([(str(a), str(b)) for a, b in pairs], **kinds)
    for drawn in drawing.drawings(grown):
        boxes = sorted(drawn.boxes, key=lambda box: (box.x, box.y))
        for one in boxes:
            assert one.x + drawing.BOX <= drawn.width
            assert one.y + one.height <= drawn.height
            assert not any(_overlap(one, other) for other in boxes if other is not one)
        rows = [row for box in boxes for row in box.rows]
        shown = sum(1 for row in rows if row.thing) + sum(sum(r.folded.values()) for r in rows)
        assert shown + sum(1 for box in boxes if box.thing) + drawn.left_out == 31


def _overlap(one: drawing.Box, other: drawing.Box) -> bool:
    across = one.x < other.x + drawing.BOX and other.x < one.x + drawing.BOX
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@given(st.dictionaries(st.sampled_from(SEVERITIES), st.integers(0, 10**6)))
def test_the_bar_is_filled_without_gaps(severities: dict[Any, int]) -> None:
    slices = charts.bar(severities)
    assert {s.severity for s in slices} == {name for name, count in severities.items() if count}
    at = 0
    for part in slices:
        assert part.x == at
        assert part.width >= charts.BAR // 25
        at += part.width
    assert at == (charts.BAR if slices else 0)


def test_the_ring() -> None:
    assert charts.ring(None).length == 0
    assert charts.ring(100).length == charts.ring(100).around


def _job(**facts: Scalar) -> backups.Job:
    report = run("restore", things=(sample.job("files", **facts),))
    return backups.jobs(Index(joined(restore=report)), EN)[0]


def _shown(**facts: Scalar) -> backups.Signed | None:
    return _job(**facts).signed


def test_what_checks_signed_proofs_elsewhere_stands_in_the_page() -> None:
    page = render(sample.document(("ru", "en"))).decode()
    assert page.count("1c-base:41:" + "9c" * 32) == page.count(">" + "5f" * 32 + "<") == 2
    assert page.count(hashlib.sha256(bytes.fromhex("5f" * 32)).hexdigest()) == 2
    assert _shown(evidence_seq=1, evidence_head="9c", evidence_key="no hex") is None
    assert _shown(evidence_seq=1, evidence_head="9c") is None
    unsigned = run("restore", things=(sample.job("files"),))
    assert EN.say("backups.signed_how") not in render(joined(restore=unsigned)).decode()
