"""The past under another policy: the same as it was under its own, and what another one makes."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from msptool import identity, profile
from msptool.cli import root
from msptool.errors import ProfileError
from msptool.profile import trial
from msptool.profile.shape import Flapping, Maintenance, Policy, Profile
from msptool.tickets import history, simulate
from msptool.tickets.simulate import Span, Tally
from tests.unit.tickets.intake.said import machine, service
from tests.unit.tickets.site import HOUR, PROFILE, T0, Site, attempt, finding, report

DAY = 24 * HOUR
DAYS = 6
PASS = (attempt("pass"),)


def under(policy: Policy, *works: Maintenance) -> Profile:
    tickets = msgspec.structs.replace(PROFILE.tickets, policy=policy, maintenance=works)
    return msgspec.structs.replace(PROFILE, tickets=tickets)


def replayed(site: Site, other: Profile | None = None, since: timedelta = -DAY) -> Tally:
    with site.desk(to_write=False) as desk:
        past = history.of(desk, T0 + since)
    known = identity.load(site.workspace.identities)
    span = Span(T0 + since, site.now + DAY)
    return simulate.replay(past, other or site.profile, known, span, "x")


def live(site: Site, *, keep: bool) -> dict[str, int]:
    """Let things happen for some days; return what was told then. `keep`: the runs, too."""
    counts: dict[str, int] = {}
    storm = [finding(f"pc{n}", check="NET-002") for n in range(12)]
    passed = tuple(attempt("pass", f"pc{n}", check="NET-002") for n in range(12))
    for day in range(DAYS):
        for told in (
            report(T0 + day * DAY, finding(), *storm[: 12 if day == 3 else 0]),
            report(T0 + day * DAY + 2 * HOUR, attempts=(*PASS, *passed)),
            report(T0 + day * DAY + 3 * HOUR, finding("ap", seen_at=site.now)),
        ):
            if keep:
                site.commit(told)
            outcome = site.ingest(told)
            for what in ("opened", "reopened", "resolved", "raised"):
                counts[what] = counts.get(what, 0) + len(getattr(outcome, what))
    return counts


@pytest.mark.parametrize("keep", [True, False], ids=["runs", "receipts and tickets"])
def test_under_the_same_policy_the_past_is_as_it_was(site: Site, keep: bool) -> None:
    counts = live(site, keep=keep)
    before = site.snapshot()
    tally = replayed(site)
    assert {what: getattr(tally, what) for what in counts} == counts
    assert (tally.opened, tally.children, tally.reopened) == (15, 12, DAYS - 1)
    assert tally.notifications == 3 + DAYS - 1
    assert tally.active == sum(ticket.active for ticket in site.all())
    assert site.snapshot() == before


@pytest.mark.parametrize("keep", [True, False], ids=["runs", "receipts and tickets"])
def test_another_policy_makes_other_tickets(site: Site, keep: bool) -> None:
    live(site, keep=keep)
    never = replayed(site, under(Policy(reopen_within_days=0.01)))
    assert (never.opened, never.reopened) == (14 + DAYS, 0)
    alone = replayed(site, under(Policy(group_at=0)))
    assert (alone.opened, alone.children, alone.most) == (14, 0, 13)
    calm = replayed(site, under(Policy(flapping=Flapping(turns=2, within_h=60))))
    assert calm.flapping == 1 and calm.notifications < DAYS
    works = replayed(site, under(Policy(), Maintenance(ends_at=T0 + 2.5 * DAY)))
    assert works.held and works.opened == 15 and works.reopened < DAYS - 1


def test_turns_of_single_messages_are_known_from_the_tickets(site: Site) -> None:
    for _ in range(4):
        site.stream(service("PROBLEM", "CRITICAL"))
        site.later()
        site.stream(service("RECOVERY", "OK"))
        site.later()
    tally = replayed(site)
    ticket = site.only()
    assert (tally.opened, tally.reopened) == (1, ticket.reopened)
    new = replayed(site, under(Policy(reopen_within_days=0.01, flapping=Flapping(turns=32))))
    assert new.opened == ticket.reopened + 1


def test_what_came_under_a_host_that_was_down_does_so_again(site: Site) -> None:
    site.stream(machine("PROBLEM", "DOWN"))
    site.later()
    site.stream(service("PROBLEM", "CRITICAL"))
    assert (replayed(site).opened, replayed(site).children) == (2, 1)
    assert replayed(site, under(Policy(group_at=0))).children == 0


def test_what_people_did_is_done_again(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.later()
    site.close(site.only().id, reason="wont-fix", text="so be it")
    site.ingest(report(T0 + 5 * DAY, finding()))
    tally = replayed(site)
    assert (tally.opened, tally.reopened, tally.active) == (1, 0, 0)


def test_only_what_came_since_is_counted(site: Site) -> None:
    site.ingest(report(T0, finding()))
    site.ingest(report(T0 + DAY, attempts=PASS))
    site.ingest(report(T0 + 2 * DAY, finding()))
    tally = replayed(site, since=1.5 * DAY)
    assert (tally.opened, tally.resolved, tally.reopened) == (0, 0, 1)


def test_a_run_that_cannot_be_read_is_told(site: Site) -> None:
    folder = site.commit(report(T0, finding()))
    (folder / "findings.jsonl").write_bytes(b"{")
    with site.desk(to_write=False) as desk:
        past = history.of(desk, T0 - DAY)
    assert past.broken == (folder.name,)


def test_a_policy_is_read_over_the_one_of_now(tmp_path: Path) -> None:
    file = tmp_path / "calm.yaml"
    file.write_text("tickets:\n  policy: {group_at: 3}\n")
    now = under(Policy(reopen_within_days=7), Maintenance(ends_at=T0))
    tried = trial.load(file, now).tickets
    assert (tried.policy.group_at, tried.policy.reopen_within_days) == (3, 7)
    assert tried.maintenance == now.tickets.maintenance


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("tickets:\n  polcy: {}\n", "unknown-key", "p.yaml:2:3"),
        ("policy: {}\n", "unknown-key", "p.yaml:1:1"),
        ("tickets:\n  policy: {group_at: x}\n", "value", "p.yaml:2:12"),
        ("tickets:\n  maintenance: [{weekly: x}]\n", "weekly", "p.yaml:2:18"),
        ("a: [\n", "yaml", "p.yaml:2"),
    ],
)
def test_a_wrong_policy_is_told_with_its_place(
    tmp_path: Path, text: str, code: str, place: str
) -> None:
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(ProfileError) as caught:
        trial.load(tmp_path / "p.yaml", PROFILE)
    assert caught.value.code == f"profile.{code}"
    assert str(caught.value.place).startswith(place)


def test_the_command_shows_both_policies_and_writes_nothing(site: Site) -> None:
    (site.root / "client.yaml").write_text("msptool: 1\nclient: {code: ACME, name: Acme}\n")
    (site.root / "client.yaml").chmod(0o600)
    other = site.root / "calm.yaml"
    other.write_text("tickets:\n  policy: {reopen_within_days: 0.01}\n")
    site.profile = profile.load(site.workspace).profile
    live(site, keep=False)
    before = site.snapshot()
    asked = ["-C", str(site.root), "tickets", "simulate", "--since", "2026-10-01"]
    shown = CliRunner().invoke(root, [*asked, "--policy", str(other)])
    assert shown.exit_code == 0, shown.output
    head = shown.stdout.splitlines()[0].split()
    assert [title.lower() for title in head] == ["now", "calm"]
    told = CliRunner().invoke(root, [*asked, "--json"])
    lines = [msgspec.json.decode(line) for line in told.stdout.splitlines()]
    assert [line["type"] for line in lines] == ["simulation", "end"]
    assert (lines[0]["opened"], lines[0]["receipts"]) == (15, 3 * DAYS)
    assert site.snapshot() == before
