"""What reports do to tickets, through files and back."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from msptool import model
from msptool.cli import ticket_words
from msptool.errors import UsageError
from msptool.model import Attempt, End, Failure, Report, Thing
from msptool.tickets import ingest, receipts, store, view
from msptool.tickets.acts import asking
from msptool.tickets.outcome import Outcome
from msptool.tickets.sla import reckoner
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.site import HOUR, T0, Site, attempt, finding, report


def test_a_finding_opens_one_ticket_that_needs_no_register(site: Site) -> None:
    outcome = site.ingest(report(T0, finding()))
    ticket = site.only()
    assert outcome.opened == (ticket.id,)
    assert ticket.title == "Включён Telnet, sw-core (tcp/23)"
    assert ticket.about is not None
    assert ticket.about.message == {
        "en": "port 23 answers as BusyBox",
        "ru": "порт 23 отвечает: BusyBox",
    }
    assert ticket.about.remedy["en"] == "use SSH"
    assert ticket.about.seen.vantage == "segment:192.0.2.0/24"
    assert ticket.about.seen.privilege == "root"
    assert (ticket.state, ticket.priority) == ("open", "high")


def test_a_ticket_of_a_job_says_what_checks_its_signed_proofs(site: Site) -> None:
    facts = {"evidence_seq": 7, "evidence_head": "9c" * 32, "evidence_key": "5f" * 32}
    told = msgspec.structs.replace(finding("job:files", ""), facts=facts)
    site.ingest(report(T0, told, finding()))
    told_of = {t.about.subject.thing: t for t in site.all() if t.about}
    about = told_of["job:files"].about
    assert about is not None
    assert (about.proof_head, about.proof_key) == ("files:7:" + "9c" * 32, "5f" * 32)
    page = _page(site, told_of["job:files"])
    assert f"proof       files:7:{'9c' * 32}" in page and f"proof key   {'5f' * 32}" in page
    assert "proof" not in _page(site, told_of["sw"])


def _page(site: Site, ticket: Ticket) -> str:
    plan = reckoner.of(site.profile)
    shown = view.of(ticket, plan, T0)
    return ticket_words.page(ticket, shown, plan.clocks(ticket), ("en",), now=T0, last=None)


def test_known_findings_write_no_ticket_file_and_leave_a_receipt(site: Site) -> None:
    parts = [f"tcp/{port}" for port in range(30)]
    site.ingest(report(T0, *(finding(part=part) for part in parts)))
    before = site.snapshot()
    again = report(T0 + HOUR, *(finding(part=part) for part in parts))
    outcome = site.ingest(again)
    assert site.snapshot() == before
    assert len(before) == len(outcome.seen) == 30
    assert not outcome.changed
    receipt = receipts.load(site.workspace, again.header.run)
    assert receipt is not None
    assert receipt.whole
    assert sorted(receipt.seen.values()) == sorted(outcome.seen)
    assert set(receipt.seen) == {model.fingerprint("NET-001", f.subject) for f in again.findings}


def test_the_same_run_twice_is_nothing(site: Site) -> None:
    told = report(T0, finding())
    site.ingest(told)
    assert site.ingest(told) == Outcome()


def test_mended_resolves_and_back_reopens_with_what_it_says_now(site: Site) -> None:
    site.ingest(report(T0, finding()))
    mended = site.ingest(report(T0 + HOUR, attempts=(attempt("pass"),)))
    ticket = site.only()
    assert mended.resolved == (ticket.id,)
    assert (ticket.state, ticket.reason) == ("resolved", None)
    back = site.ingest(report(T0 + 2 * HOUR, finding(severity="critical")))
    ticket = site.only()
    assert back.reopened == (ticket.id,)
    assert (ticket.state, ticket.reopened, ticket.priority) == ("open", 1, "critical")
    assert site.ingest(report(T0 + 3 * HOUR, attempts=(attempt("pass"),))).resolved


def test_of_two_parts_only_the_mended_one_resolves(site: Site) -> None:
    site.ingest(report(T0, finding(part="tcp/23"), finding(part="tcp/2323")))
    outcome = site.ingest(report(T0 + HOUR, finding(part="tcp/2323")))
    states = {t.about.subject.part: t.state for t in site.all() if t.about}
    assert states == {"tcp/23": "resolved", "tcp/2323": "open"}
    assert len(outcome.resolved) == len(outcome.seen) == 1


@pytest.mark.parametrize(
    "tried",
    [
        (),
        (attempt("unknown", reason="host-off"),),
        (attempt("skipped", reason="no-consent"),),
        (attempt("pass", "other"),),
        (attempt("pass", check="NET-002"),),
        (attempt("pass", vantage="routed"),),
        (attempt("pass", vantage="segment:198.51.100.0/24"),),
        (attempt("pass", privilege="user"),),
        (attempt("fail"),),
    ],
    ids=[
        "absent", "host off", "no consent", "another thing", "another check", "from afar",
        "another segment", "with less privilege", "fails without naming anything",
    ],
)  # fmt: skip
def test_what_is_no_answer_resolves_nothing(site: Site, tried: tuple[Attempt, ...]) -> None:
    site.ingest(report(T0, finding()))
    before = site.snapshot()
    assert not site.ingest(report(T0 + HOUR, attempts=tried)).changed
    assert site.snapshot() == before


def test_a_part_that_could_not_be_judged_is_not_mended(site: Site) -> None:
    site.ingest(report(T0, finding(part="tcp/23"), finding(part="tcp/24"), finding(part="tcp/25")))
    blind = msgspec.structs.replace(attempt("fail"), unsure=("tcp/24",))
    outcome = site.ingest(report(T0 + HOUR, finding(part="tcp/23"), attempts=(blind,)))
    assert len(outcome.resolved) == 1
    states = {t.about.subject.part: t.state for t in site.all() if t.about}
    assert states == {"tcp/23": "open", "tcp/24": "open", "tcp/25": "resolved"}


def test_a_host_that_is_off_keeps_no_other_from_resolving(site: Site) -> None:
    site.ingest(report(T0, finding("sw"), finding("ap")))
    off = attempt("unknown", "sw", reason="host-off")
    site.ingest(report(T0 + HOUR, attempts=(off, attempt("pass", "ap"))))
    assert {t.about.subject.thing: t.state for t in site.all() if t.about} == {
        "sw": "open",
        "ap": "resolved",
    }


def test_a_look_from_nearer_resolves_what_was_seen_from_afar(site: Site) -> None:
    far = attempt("fail", vantage="routed", privilege="user")
    site.ingest(report(T0, finding(), attempts=(far,)))
    assert site.ingest(report(T0 + HOUR, attempts=(attempt("pass"),))).resolved


@pytest.mark.parametrize("opened", ["", "anywhere"], ids=["by an older run", "by a run of today"])
def test_a_machine_with_a_new_name_resolves_what_is_read_from_anywhere(
    site: Site, opened: str
) -> None:
    def seen_by(host: str, told: Report) -> Report:
        header = msgspec.structs.replace(told.header, vantage=f"agent:{host}")
        return msgspec.structs.replace(told, header=header)

    failed = attempt("fail", vantage=opened, privilege="user")
    site.ingest(seen_by("old", report(T0, finding(), attempts=(failed,))))
    here = attempt("pass", vantage="", privilege="user")
    if not opened:
        assert not site.ingest(seen_by("new", report(T0 + HOUR, attempts=(here,)))).changed
    passed = attempt("pass", vantage="anywhere", privilege="user")
    assert site.ingest(seen_by("new", report(T0 + 2 * HOUR, attempts=(passed,)))).resolved


def test_an_incomplete_report_opens_and_reopens_but_resolves_nothing(site: Site) -> None:
    site.ingest(report(T0, finding()))
    cut = report(T0 + HOUR, finding(part="tcp/2323"), attempts=(attempt("fail"),), complete=False)
    outcome = site.ingest(cut)
    assert len(outcome.opened) == 1
    assert not outcome.resolved
    assert [t.state for t in site.all()] == ["open", "open"]


def _pipe(told: Report, last: bytes | None) -> list[bytes]:
    lines = [model.encode(line) for line in told.lines()[:-1]]
    return lines if last is None else [*lines, last]


@pytest.mark.parametrize(
    "last",
    [None, model.encode(Failure(code="disk.failed", exit=74, message="full"))],
    ids=["cut", "error"],
)
def test_a_pipe_without_an_end_resolves_nothing_and_blocks_no_whole_report(
    site: Site, last: bytes | None
) -> None:
    site.ingest(report(T0, finding()))
    site.now = T0 + 3 * HOUR
    told = report(T0 + HOUR, finding(part="tcp/80"), attempts=(attempt("fail"),))
    outcome = site.lines(*_pipe(told, last))
    assert len(outcome.opened) == 1
    assert not outcome.resolved
    assert len(site.ingest(told).resolved) == 1


def test_a_lost_line_keeps_its_report_from_resolving(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.now = T0 + 3 * HOUR
    told = report(T0 + HOUR, finding(part="tcp/80"), attempts=(attempt("fail"),))
    lines = [model.encode(line) for line in told.lines()]
    outcome = site.lines(*lines[:3], b'{"type":"finding","check":"NET-0', *lines[3:])
    assert [refused.line for refused in outcome.refused] == [4]
    assert outcome.part_done is not None
    assert outcome.part_done.exit == 3
    assert "line 4" in outcome.part_done.message
    assert len(outcome.opened) == 1
    assert not outcome.resolved


def test_two_reports_in_one_pipe(site: Site) -> None:
    site.now = T0 + 5 * HOUR
    first, second = report(T0, finding()), report(T0 + HOUR, attempts=(attempt("pass"),))
    outcome = site.lines(*(model.encode(line) for told in (first, second) for line in told.lines()))
    assert outcome.opened == outcome.resolved
    assert outcome.runs == (first.header.run, second.header.run)


def test_bare_findings_open_and_refresh_and_resolve_none(site: Site) -> None:
    one = b'{"check":"X-1","subject":{"thing":"srv","part":"a"},"severity":"low","message":"bad"}'
    two = b'{"check":"X-1","subject":{"thing":"srv","part":"b"},"severity":"low","extra":1}'
    outcome = site.lines(b"\xef\xbb\xbf" + one, b"", two, b"not json", b"[" * 100_000, b'"\xff"')
    assert len(outcome.opened) == 2
    assert [refused.line for refused in outcome.refused] == [4, 5, 6]
    assert sorted(ticket.title for ticket in site.all()) == ["X-1, srv (b)", "bad, srv (a)"]
    before = site.snapshot()
    site.later()
    again = site.lines(one)
    assert (len(again.seen), again.changed) == (1, False)
    assert site.snapshot() == before
    assert not (site.workspace.tickets / "receipts").exists()


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"finding","check":"X"}',
        b'{"type":"novelty","check":"X"}',
        b'{"check":"X","subject":{"thing":"t","client":"OTHER"},"severity":"low"}',
        b'{"check":"X","subject":{"thing":"t"},"severity":"low","seen_at":"2026-11-02T08:00:00"}',
        b'{"check":"X","subject":{"thing":"' + b"t" * (5 << 20) + b'"},"severity":"low"}',
    ],
    ids=["half a finding", "unknown type", "other client", "naive time", "gigantic"],
)
def test_lines_that_are_refused(site: Site, line: bytes) -> None:
    good = b'{"check":"Y","subject":{"thing":"t","client":"acme"},"severity":"low"}'
    outcome = site.lines(line, good)
    assert [refused.line for refused in outcome.refused] == [1]
    assert len(outcome.opened) == 1


@pytest.mark.parametrize("at", ["header", "finding"])
def test_a_report_of_another_client_writes_nothing(site: Site, at: str) -> None:
    told = (
        report(T0, finding(), client="OTHER")
        if at == "header"
        else report(T0, finding(), finding(client="OTHER"))
    )
    with pytest.raises(UsageError, match="OTHER"):
        site.ingest(told)
    assert site.all() == []


def test_a_report_of_a_newer_format_or_with_a_path_for_an_id_is_refused(site: Site) -> None:
    told = report(T0, finding())
    for change in ({"schema": "msptool.report/2"}, {"run": "../../../etc/cron.d/x"}):
        header = msgspec.structs.replace(told.header, **change)
        with pytest.raises(UsageError):
            site.ingest(msgspec.structs.replace(told, header=header))
    assert site.all() == []


def test_a_wrong_report_later_in_a_pipe_keeps_the_ones_before_it_from_being_written(
    site: Site,
) -> None:
    site.now = T0 + 5 * HOUR
    good, bad = report(T0, finding()), report(T0 + HOUR, finding(part="x"))
    bad = msgspec.structs.replace(bad, header=msgspec.structs.replace(bad.header, run="../x"))
    with pytest.raises(UsageError):
        site.lines(*(model.encode(line) for told in (good, bad) for line in told.lines()))
    assert site.all() == []


def test_a_serial_learnt_later_makes_no_second_ticket(site: Site) -> None:
    site.lines(
        b'{"check":"NET-001","subject":{"thing":"ip:192.0.2.7","part":"p"},"severity":"low"}'
    )
    ident = site.learn("ip:192.0.2.7", "mac:00:25:90:00:00:07")
    assert not site.ingest(report(T0 + HOUR, finding(ident, "p", severity="low"))).changed
    site.learn("ip:192.0.2.7", "mac:00:25:90:00:00:07", "serial:vendor/X1")
    again = report(T0 + 2 * HOUR, finding("serial:vendor/X1", "p", severity="low"))
    assert not site.ingest(again).changed
    gone = report(T0 + 3 * HOUR, attempts=(attempt("pass", "serial:vendor/X1"),))
    assert site.ingest(gone).resolved == (site.only().id,)


def test_two_ids_that_turn_out_to_be_one_machine_share_their_tickets(site: Site) -> None:
    one, two = site.learn("mac:00:25:90:00:00:01"), site.learn("mac:00:25:90:00:00:02")
    site.ingest(report(T0, finding(one), finding(two)))
    assert len(site.all()) == 2
    joined = site.learn("mac:00:25:90:00:00:01", "mac:00:25:90:00:00:02")
    outcome = site.ingest(report(T0 + HOUR, finding(joined)))
    assert not outcome.opened
    assert len(outcome.joined) == 1
    gone = site.ingest(report(T0 + 2 * HOUR, attempts=(attempt("pass", joined),)))
    assert len(gone.resolved) == 1
    back = site.ingest(report(T0 + 3 * HOUR, finding(two)))
    assert len(back.reopened) == 1
    assert sorted(ticket.state for ticket in site.all()) == ["open", "resolved"]


def test_an_older_report_resolves_and_reopens_nothing(site: Site) -> None:
    old_pass = report(T0, attempts=(attempt("pass"),))
    site.ingest(report(T0 + HOUR, finding(seen_at=T0 + HOUR)))
    assert not site.ingest(old_pass).changed
    old_find = report(T0 + 1.5 * HOUR, finding(seen_at=T0 + 1.6 * HOUR))
    site.ingest(report(T0 + 2 * HOUR, attempts=(attempt("pass"),)))
    assert not site.ingest(old_find).changed
    assert site.only().state == "resolved"


def test_an_older_pass_does_not_overrule_a_later_sighting_that_wrote_no_event(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.ingest(report(T0 + 2 * HOUR, finding()))
    late = report(T0 + HOUR, attempts=(attempt("pass"),))
    assert not site.ingest(late).changed


def test_a_run_with_an_id_from_the_future_holds_no_ticket_open(site: Site) -> None:
    told = report(T0, finding())
    wrong = msgspec.structs.replace(told.header, run="7" + 25 * "Z", started_at=T0 + 10_000 * HOUR)
    for header in (wrong, msgspec.structs.replace(wrong, run="7" + 25 * "Y", started_at=T0)):
        site.now = T0 + HOUR
        piped = msgspec.structs.replace(told, header=header, end=End(ended_at=T0, complete=True))
        assert site.ingest(piped).runs == (header.run,)
    assert not site.ingest(report(T0 + 0.5 * HOUR, attempts=(attempt("pass"),))).changed
    assert site.ingest(report(T0 + 2 * HOUR, attempts=(attempt("pass"),))).resolved


def test_a_run_that_overlaps_the_sighting_resolves_nothing(site: Site) -> None:
    site.ingest(report(T0, finding(seen_at=T0 + timedelta(minutes=4))))
    overlap = report(T0 + timedelta(minutes=2), attempts=(attempt("pass"),))
    assert not site.ingest(overlap).changed


def test_a_time_in_the_future_does_not_hold_a_ticket_open_for_ever(site: Site) -> None:
    site.ingest(report(T0, finding(seen_at=T0 + 10_000 * HOUR)))
    assert site.ingest(report(T0 + 2 * HOUR, attempts=(attempt("pass"),))).resolved


def test_what_a_person_would_not_fix_stays_closed(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.later()
    site.close(site.only().id, reason="wont-fix", text="accepted by the client")
    before = site.snapshot()
    worse = report(T0 + 5 * HOUR, finding(severity="critical"))
    assert site.ingest(worse).seen == (site.only().id,)
    assert not site.ingest(report(T0 + 6 * HOUR, attempts=(attempt("pass"),))).changed
    assert not site.ingest(report(T0 + 7 * HOUR, finding())).changed
    assert site.snapshot() == before


def test_what_a_person_closed_as_fixed_reopens_if_seen_after(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.now = T0 + 2 * HOUR
    site.close(site.only().id, reason="fixed")
    before_closing = report(T0 + HOUR, finding(seen_at=T0 + 1.5 * HOUR))
    assert not site.ingest(before_closing).changed
    assert site.ingest(report(T0 + 3 * HOUR, finding())).reopened


@pytest.mark.parametrize("opened_ahead", [False, True])
def test_a_clock_a_year_ahead_neither_hides_a_finding_nor_holds_it_open(
    site: Site, opened_ahead: bool
) -> None:
    ahead = T0 + 365 * 24 * HOUR
    site.ingest(report(ahead if opened_ahead else T0, finding()))
    site.now = ahead + HOUR
    site.close(site.only().id, reason="fixed")
    site.now = T0
    assert site.ingest(report(T0 + HOUR, finding())).reopened
    assert not site.ingest(report(T0, attempts=(attempt("pass"),))).changed
    assert site.ingest(report(T0 + 2 * HOUR, attempts=(attempt("pass"),))).resolved
    assert not site.ingest(report(T0 + 1.5 * HOUR, finding())).changed
    assert site.ingest(report(T0 + 3 * HOUR, finding())).reopened


def test_a_duplicate_does_as_its_original(site: Site) -> None:
    asked = site.act(asking.add, "telnet?")
    site.ingest(report(T0, finding()))
    found = next(t for t in site.all() if t.about)
    site.later()
    site.close(found.id, reason="duplicate", duplicate_of=asked.id)
    assert not site.ingest(report(T0 + 3 * HOUR, finding())).changed
    site.close(asked.id, reason="fixed")
    assert site.ingest(report(T0 + 6 * HOUR, finding())).reopened == (found.id,)


def test_of_twins_the_original_comes_back_not_its_duplicate(site: Site) -> None:
    one, two = site.learn("mac:00:25:90:00:00:01"), site.learn("mac:00:25:90:00:00:02")
    site.ingest(report(T0, finding(one)))
    site.ingest(report(T0 + HOUR, finding(two)))
    first, second = site.all()
    joined = site.learn("mac:00:25:90:00:00:01", "mac:00:25:90:00:00:02")
    site.close(first.id, reason="duplicate", duplicate_of=second.id)
    assert not site.ingest(report(T0 + 2 * HOUR, finding(joined))).changed
    gone = site.ingest(report(T0 + 3 * HOUR, attempts=(attempt("pass", joined),)))
    assert gone.resolved == (second.id,)
    assert site.ingest(report(T0 + 4 * HOUR, finding(joined))).reopened == (second.id,)


def test_two_tickets_that_call_each_other_duplicates_lose_nothing(site: Site) -> None:
    site.ingest(report(T0, finding("sw"), finding("ap")))
    one, two = site.all()
    site.later()
    path = store.path_of(site.workspace, one.id)
    apart = path.read_bytes()
    site.close(one.id, reason="duplicate", duplicate_of=two.id)
    hers = path.read_bytes()
    path.write_bytes(apart)  # the other laptop has not pulled yet
    site.close(two.id, reason="duplicate", duplicate_of=one.id)
    path.write_bytes(hers)
    assert len(site.ingest(report(T0 + 3 * HOUR, finding("sw"))).reopened) == 1


def test_getting_worse_is_written_once_and_getting_better_is_not(site: Site) -> None:
    site.ingest(report(T0, finding(severity="medium")))
    assert site.only().priority == "normal"
    raised = site.ingest(report(T0 + HOUR, finding(severity="high")))
    assert raised.raised == (site.only().id,)
    assert site.only().priority == "high"
    for hours in (2, 3):
        severity: model.Severity = "high" if hours == 2 else "low"
        assert not site.ingest(report(T0 + hours * HOUR, finding(severity=severity))).changed
    assert site.only().priority == "high"


def test_importance_comes_from_the_report_or_the_profile_and_only_rises(site: Site) -> None:
    core = site.learn("name:core")
    site.lines(b'{"check":"A","subject":{"thing":"name:core"},"severity":"high","message":"m"}')
    ticket = site.only()
    assert ticket.about is not None
    assert (ticket.priority, ticket.about.subject.thing) == ("critical", core)
    assert ticket.title == "m, core"
    site.ingest(report(T0, finding()))
    grown = (Thing(id="sw", kind="asset", name="sw-core", importance="critical"),)
    assert len(site.ingest(report(T0 + HOUR, finding(), things=grown)).raised) == 1


def test_one_finding_twice_in_a_report_is_one_ticket_of_the_worse_severity(site: Site) -> None:
    site.ingest(report(T0, finding(severity="low"), finding(severity="critical"), finding()))
    assert site.only().priority == "critical"


def test_runs_without_a_receipt_are_ingested_oldest_first(site: Site) -> None:
    site.now = T0 + 9 * HOUR
    site.commit(report(T0 + HOUR, attempts=(attempt("pass"),)))
    site.commit(report(T0, finding()))
    outcome = ingest.ingest_runs(site.workspace, site.profile, site.now)
    assert outcome.opened == outcome.resolved == (site.only().id,)
    assert ingest.ingest_runs(site.workspace, site.profile, site.now) == Outcome()


def test_an_incomplete_run_is_not_ingested_again_and_again(site: Site) -> None:
    site.now = T0 + HOUR
    site.commit(report(T0, finding(), complete=False))
    assert ingest.ingest_runs(site.workspace, site.profile, site.now).opened
    assert ingest.ingest_runs(site.workspace, site.profile, site.now) == Outcome()


@pytest.mark.parametrize("kind", ["emptied", "a folder"])
def test_a_run_that_was_changed_is_named_and_the_others_are_ingested(site: Site, kind: str) -> None:
    site.now = T0 + 9 * HOUR
    spoilt = site.commit(report(T0, finding()))
    site.commit(report(T0 + HOUR, finding(part="tcp/80")))
    (spoilt / "findings.jsonl").write_bytes(b"")
    if kind == "a folder":
        (spoilt / "findings.jsonl").unlink()
        (spoilt / "findings.jsonl").mkdir()
    outcome = ingest.ingest_runs(site.workspace, site.profile, site.now)
    assert len(outcome.opened) == 1
    assert outcome.part_done is not None
    assert spoilt.name in outcome.part_done.message


def test_a_kill_between_tickets_and_receipt_loses_and_doubles_nothing(site: Site) -> None:
    told = report(T0, finding(part="a"), finding(part="b"))
    site.ingest(told)
    receipts.path_of(site.workspace, told.header.run).unlink()
    kept = site.all()[0]
    Path(site.workspace.tickets / kept.id.split("-")[1][:2] / f"{kept.id}.jsonl").unlink()
    outcome = site.ingest(told)
    assert (len(outcome.opened), len(outcome.seen)) == (1, 1)
    assert len(site.all()) == 2


def test_a_torn_line_in_the_store_is_told_and_does_not_stop_the_rest(site: Site) -> None:
    site.ingest(report(T0, finding()))
    (path,) = site.workspace.tickets.glob("??/*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"event":"com')
    outcome = site.ingest(report(T0 + HOUR, attempts=(attempt("pass"),)))
    assert outcome.resolved
    assert outcome.part_done is not None
    assert outcome.part_done.place.line == 2
    assert path.read_bytes().splitlines()[1] == b'{"event":"com'
    assert site.only().state == "resolved"
