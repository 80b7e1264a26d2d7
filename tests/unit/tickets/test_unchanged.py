"""A year of the same findings changes no ticket: long under MSPTOOL_FULL=1, short otherwise."""

import os

from tests.unit.tickets.site import HOUR, T0, Site, finding, report

DAYS, FINDINGS = (365, 1000) if os.environ.get("MSPTOOL_FULL") else (12, 100)


def test_unchanged_findings_change_no_ticket_file(site: Site) -> None:
    same = [finding(f"h{n % 40}", f"tcp/{n}") for n in range(FINDINGS)]
    site.ingest(report(T0, *same))
    before = site.snapshot()
    times = {path: path.stat().st_mtime_ns for path in site.workspace.tickets.glob("??/*.jsonl")}
    for day in range(1, DAYS):
        outcome = site.ingest(report(T0 + day * 24 * HOUR, *same))
        assert (len(outcome.seen), outcome.touched) == (FINDINGS, ())
    assert site.snapshot() == before
    assert times == {path: path.stat().st_mtime_ns for path in times}
    receipts = list((site.workspace.tickets / "receipts").glob("*.json"))
    assert len(receipts) == DAYS
