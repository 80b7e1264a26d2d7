"""A site that did not change looks the same again: things, ids, links, attempts, findings."""

from pathlib import Path
from typing import Any

import pytest

from msptool.demo.site import Site
from msptool.model import Report
from tests.lab.conftest import FULL
from tests.lab.flow.client import Client, make

pytestmark = pytest.mark.lab
# It compares with the run before, so that only a later look can judge.
NEEDS_A_RUN_BEFORE = {"NET-006"}


def seen(report: Report) -> dict[str, Any]:
    """Return what a report says of the site, without when it was said."""
    return {
        "things": [
            (t.id, t.kind, t.name, t.aliases, t.addresses, facts(t.facts)) for t in report.things
        ],
        "links": list(report.links),
        "attempts": {
            (a.check, a.thing, a.outcome, a.reason)
            for a in report.attempts
            if a.check not in NEEDS_A_RUN_BEFORE
        },
        "findings": [
            (f.check, f.subject, f.severity, f.facts)
            for f in report.findings
            if f.check not in NEEDS_A_RUN_BEFORE
        ],
    }  # fmt: skip


def facts(told: Any) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != "last_seen_at"}


@pytest.fixture
def looked_at(office: Site, audited: Client, tmp_path: Path) -> Client:
    """A client that was audited once: one host, at full size the whole site."""
    if not FULL:
        return audited
    client = make(office, tmp_path / "whole")
    assert client.call("audit", "run", "--fail-on", "never").ok
    return client


def test_a_second_look_says_the_same(looked_at: Client) -> None:
    first = seen(looked_at.report("audit"))
    done = looked_at.call("audit", "run", "--fail-on", "never")
    assert done.ok, done.stderr.decode()
    second = seen(looked_at.report("audit"))
    for part, told in first.items():
        assert second[part] == told, part
    assert first["findings"]
    identities = list((looked_at.root / "identities").glob("*"))
    assert len(identities) == sum(thing[1] == "asset" for thing in first["things"])
