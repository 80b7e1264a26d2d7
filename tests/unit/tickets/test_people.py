import getpass

import pytest

from msptool.cli.ticket_words import page
from msptool.errors import UsageError
from msptool.tickets import receipts, view
from msptool.tickets.acts import asking, changing, ending, tying
from msptool.tickets.author import author
from msptool.tickets.sla import reckoner
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.site import HOUR, T0, Site, attempt, finding, report


def _add(site: Site, title: str = "a printer", **more: str) -> str:
    return site.act(asking.add, title, **more).id


def test_a_request_has_the_priority_that_was_said(site: Site) -> None:
    ident = _add(site, priority="high", requester="boss", text="now")
    ticket = site.only()
    assert (ticket.id, ticket.priority, ticket.requester) == (ident, "high", "boss")
    assert (ticket.kind, ticket.client, ticket.about) == ("request", "ACME", None)


def test_a_request_needs_a_title_and_takes_any_bytes(site: Site) -> None:
    with pytest.raises(UsageError, match="title"):
        _add(site, "  \n")
    _add(site, "broken \udcff argument")
    assert site.only().title == "broken \\udcff argument"


def test_no_report_resolves_a_request(site: Site) -> None:
    _add(site)
    assert not site.ingest(report(T0 + HOUR, attempts=(attempt("pass"),))).changed


def test_closing_twice_is_refused_and_writes_nothing(site: Site) -> None:
    ident = _add(site)
    closed = site.close(ident, reason="fixed", text="swapped")
    assert (closed.state, closed.reason) == ("closed", "fixed")
    before = site.snapshot()
    with pytest.raises(UsageError, match="is closed"):
        site.close(ident, reason="fixed")
    assert site.snapshot() == before
    assert site.act(ending.reopen, ident, text="no").state == "open"
    with pytest.raises(UsageError, match="is open"):
        site.act(ending.reopen, ident)


def test_closing_needs_its_reasons(site: Site) -> None:
    ident, other = _add(site), _add(site)
    for said in (
        {"reason": "wont-fix"},
        {"reason": "duplicate"},
        {"reason": "duplicate", "duplicate_of": ident},
        {"reason": "fixed", "duplicate_of": other},
        {"reason": "duplicate", "duplicate_of": "ACME-000000-0"},
    ):
        with pytest.raises(UsageError):
            site.close(ident, **said)
    assert site.close(ident, reason="duplicate", duplicate_of=other).duplicate_of == other


def test_an_empty_comment_is_refused(site: Site) -> None:
    ident = _add(site)
    with pytest.raises(UsageError):
        site.comment(ident, " \n")


def test_the_author_is_user_at_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "anna")
    assert author().startswith("anna@")

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert author().partition("@")[0].isdigit()


def test_a_person_resolves_the_response_clock_and_the_page_tells_it_all(site: Site) -> None:
    site.ingest(report(T0, finding()))
    ident = site.only().id
    site.later(0.5)
    site.comment(ident, "looking\n::error::into it\x1b[2J")
    site.ingest(report(T0 + HOUR, finding(severity="critical")))
    ticket = site.only()
    shown = _page(site, ticket, ("ru", "en"))
    for part in (
        "Включён Telnet, sw-core (tcp/23)", "port 23 answers as BusyBox", "use SSH",
        "last seen", "opened, from segment:192.0.2.0/24", "comment looking",
        "set severity: critical", "anna@desk",
    ):  # fmt: skip
        assert part in shown
    assert "\x1b" not in shown
    assert not any(line.strip().startswith("::error") for line in shown.splitlines())


def test_the_page_speaks_the_engineers_language(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSPTOOL_LANG", "ru")
    site.ingest(report(T0, finding()))
    ticket = site.only()
    shown = _page(site, ticket, ("en",))
    for part in (
        "осталось ", "тема  ", "порт 23 отвечает: BusyBox", "лечение     перейдите на SSH",
        "ответить ", "видели ", " назад, audit ", "открыта, откуда segment:192.0.2.0/24, запуск ",
    ):  # fmt: skip
        assert part in shown


def _page(site: Site, ticket: Ticket, languages: tuple[str, ...]) -> str:
    plan, last = reckoner.of(site.profile), receipts.last_seen(site.workspace, ticket.id)
    shown = view.of(ticket, plan, site.now)
    return page(ticket, shown, plan.clocks(ticket), languages, now=site.now, last=last)


def test_no_two_tickets_are_each_others_duplicate(site: Site) -> None:
    first, second, third = _add(site), _add(site), _add(site)
    site.act(tying.merge, first, second)
    before = site.snapshot()
    with pytest.raises(UsageError, match=f"{first} is closed: nobody") as told:
        site.act(tying.merge, third, first)
    assert told.value.hint.startswith(f"msptool tickets reopen {first}")
    with pytest.raises(UsageError, match=f"{first} was closed as a duplicate of {second}"):
        site.act(tying.merge, second, first)
    with pytest.raises(UsageError, match=f"{first} was closed as a duplicate of {second}"):
        site.close(second, reason="duplicate", duplicate_of=first)
    assert site.snapshot() == before
    site.act(tying.merge, second, third)
    with pytest.raises(UsageError, match=f"{second} was closed as a duplicate of {third}"):
        site.close(third, reason="duplicate", duplicate_of=first)


def test_a_closed_ticket_is_not_handed_on_and_all_that_is_missing_is_told(site: Site) -> None:
    ident = _add(site)
    with pytest.raises(UsageError, match="needs to know: tried, evidence"):
        site.act(changing.escalate, ident, symptom="slow", tried=" ", evidence="")
    site.close(ident, reason="fixed")
    with pytest.raises(UsageError, match="is closed") as told:
        site.act(changing.escalate, ident, symptom="slow", tried="ping", evidence="log")
    assert told.value.hint == "what can be done then: msptool tickets reopen"
    assert site.read(ident).line == "L1"


def test_what_can_be_done_is_told_in_commands(site: Site) -> None:
    with pytest.raises(UsageError) as told:
        site.act(ending.reopen, _add(site))
    assert told.value.hint == "what can be done then: msptool tickets status, snooze, close"
