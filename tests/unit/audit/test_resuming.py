"""Which audit goes on with which, and what is said where none can."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from msptool import runs
from msptool.audit import resuming
from msptool.audit.resuming import Order
from msptool.errors import UsageError
from msptool.model import End, Header, Report
from msptool.terminal import Progress
from msptool.workspace import Workspace

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ORDER = Order(
    only=(), profile_sha256="a", vantage="segment:192.0.2.0/24", msptool="1", started_at=NOW
)
LATER = structs.replace(ORDER, started_at=NOW + timedelta(hours=1))


def begin(folder: Path, order: Order, *, resume: bool) -> tuple[str, Order, str]:
    said = io.StringIO()
    run, began = resuming.begin(Workspace(folder), order, resume=resume, progress=Progress(said))
    return run.ident, began, said.getvalue()


def test_the_same_order_goes_on_under_its_first_hour(tmp_path: Path) -> None:
    first, _, said = begin(tmp_path, ORDER, resume=False)
    assert said == ""
    again, order, _ = begin(tmp_path, LATER, resume=True)
    assert (again, order) == (first, ORDER)


def test_who_begins_anew_is_told_of_the_one_that_was_cut(tmp_path: Path) -> None:
    first, _, _ = begin(tmp_path, ORDER, resume=False)
    second, order, said = begin(tmp_path, LATER, resume=False)
    assert second != first and order == LATER and "--resume" in said


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"profile_sha256": "b"}, "profile"),
        ({"only": ("192.0.2.0/28",)}, "whole scope"),
        ({"ports": "22"}, "the usual ports"),
        ({"vantage": "routed"}, "segment:192.0.2.0/24"),
        ({"privilege": "root"}, "as user"),
        ({"msptool": "2"}, "msptool was 1"),
        ({"started_at": NOW + timedelta(hours=25)}, "older than a day"),
    ],
)
def test_another_order_does_not_mix_with_it(
    tmp_path: Path, changed: dict[str, object], word: str
) -> None:
    begin(tmp_path, ORDER, resume=False)
    other = structs.replace(LATER, **changed)
    with pytest.raises(UsageError, match=word) as raised:
        begin(tmp_path, other, resume=True)
    assert raised.value.code == "run.not-the-same"


def test_a_run_killed_while_it_was_committed_is_whole_in_the_end(tmp_path: Path) -> None:
    first, _, _ = begin(tmp_path, ORDER, resume=False)
    [run] = runs.cut_short(Workspace(tmp_path), "audit")
    for name in ("manifest.json", ".msptool-1f.tmp", "evidence/.msptool-2f.tmp"):
        (run.folder / name).write_text("{}")
    begin(tmp_path, LATER, resume=True)
    header = Header(run=first, client="A", kind="audit", msptool="1", started_at=NOW)
    folder = runs.commit(run, Report(header=header, end=End(ended_at=NOW, complete=True)))
    assert "manifest.json" not in runs.load_manifest(folder).files
    assert runs.load(folder).header == header and not [*folder.rglob(".*")]


def test_nothing_to_go_on_with_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no audit was cut short"):
        begin(tmp_path, ORDER, resume=True)
