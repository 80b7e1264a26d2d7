"""A ticket as YAML in an editor: what was not touched is not written, nothing typed is lost."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msptool import process
from msptool.errors import ToolMissing, UsageError
from msptool.tickets import editing, sheet
from msptool.tickets.acts import asking, changing
from msptool.tickets.events import FORMAT, Opened, Pen
from msptool.tickets.fold import fold_all
from msptool.tickets.ticket import Ticket
from tests.unit.tickets.site import T0, Site

TEXT = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["no", "on", "12:34", "0o7", "1_000", "~", "null", "- x", "a: b", "a #b", "|", "two\nlines",
     "  led\nby", "end\n", "ends\n\n\n", "\nbegins", "a\n\n b\n", "tab\tin", "x\r\ny", "\ufeffbom",
     "<<", "*a", "&a", "!t", "%d", "@x", "`", "'", '"', "\\", "\x85", "\u2028", "{a}", "[a]"],
)  # fmt: skip


def ticket(**said: object) -> Ticket:
    opened = Opened(
        **Pen("a@b", T0).mark(), format=FORMAT, ticket="ACME-000000-1", client="ACME",
        **{"kind": "request", "title": "t", **said},  # type: ignore[arg-type]
    )  # fmt: skip
    return fold_all("ACME-000000-1", [opened])[0]


def read(one: Ticket, text: str) -> Mapping[str, object]:
    return sheet.changes(one, text.encode(), file="x.yaml")


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, st.lists(TEXT.map(str.strip).filter(bool), max_size=3, unique=True))
def test_an_untouched_sheet_says_nothing(title: str, text: str, tags: list[str]) -> None:
    one = ticket(title=title, text=text, queue=text, tags=tuple(tags))
    assert read(one, sheet.of(one)) == {}


def test_what_was_changed_is_told_by_field() -> None:
    one = ticket(text="one\ntwo", tags=("a",), impact="high", urgency="low")
    text = sheet.of(one)
    assert "text: |-\n  one\n  two\n" in text
    edited = (
        text.replace("title: t", "title:   New title ")
        .replace("  two", "  2\n  3")
        .replace('["a"]', "[a, b, a]")
        .replace("urgency: low", "urgency: high")
        .replace("priority:", "priority: critical")
        .replace("status: open", "status: waiting")
        .replace("type: request", "type: change")
    )
    assert read(one, edited) == {
        "title": "New title", "text": "one\n2\n3", "tags": ("a", "b"), "urgency": "high",
        "priority": "critical", "state": "waiting", "kind": "change",
    }  # fmt: skip
    assert read(one, "title: t\n") == {}, "a key that is not there says nothing"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("title: t\nprio: high\n", 2, "prio: there is no such key"),
        ("title:\n", 1, "title: must not be empty"),
        ("title: 12\n", 1, "text is expected"),
        ("title: t\nline: L4\n", 2, "'L4' is not known here"),
        ("title: t\ntags: a\n", 2, "a list of texts"),
        ("title: t\ntags: [1]\n", 2, "a list of texts"),
        ("title: t\nstatus: closed\n", 2, "'closed' is not known here"),
        ("title: t\nline:\n", 2, "must not be empty"),
        ("title: a: b\n", 1, "not YAML"),
        ("title: t\ntitle: u\n", 2, "given twice"),
        ("title: &a t\nqueue: *a\n", 2, "aliases"),
        ("a: !!python/object:os.system x\n", 1, "tags"),
        ("title: \x07\n", 1, "control character"),
        ("", 0, "empty"),
        ("- x\n", 0, "mapping"),
        (f"text: {'x' * (1 << 20)}\n", 0, "larger"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(ticket(), text)
    assert caught.value.code == "ticket.sheet"
    assert said in caught.value.message
    assert caught.value.place.line == line
    assert "msptool init" not in caught.value.hint


@settings(max_examples=100, deadline=None)
@given(st.text("titleags: []{}-|>'\"#&*!%@\n\t\x00\u2028é", max_size=80) | TEXT)
def test_whatever_is_typed_is_a_change_or_a_mistake(text: str) -> None:
    try:
        found = read(ticket(), text)
    except UsageError as error:
        assert error.code == "ticket.sheet"
    else:
        assert set(found) <= {field.field for field in sheet.FIELDS} | {"priority"}


@pytest.fixture
def typed(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[Path], int | None]], list[object]]:
    """Return a function that lets another one be the editor."""

    def use(edit: Callable[[Path], int | None]) -> list[object]:
        seen: list[object] = []

        def foreground(argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
            seen.extend([list(argv[:-1]), env])
            return edit(Path(argv[-1])) or 0

        monkeypatch.setattr(process, "foreground", foreground)
        monkeypatch.setenv("EDITOR", "ed -s")
        monkeypatch.delenv("VISUAL", raising=False)
        return seen

    return use


def test_the_draft_is_private_and_the_editor_gets_no_secrets(
    site: Site,
    typed: Callable[[Callable[[Path], int | None]], list[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = site.act(asking.add, "a printer")
    held = editing.draft(site.workspace, one)
    assert held.path.stat().st_mode & 0o777 == 0o600
    assert held.path.parent.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("RESTIC_PASSWORD", "hunter2")
    monkeypatch.setenv("TERM", "xterm")
    seen = typed(lambda path: path.write_text("title: b\n") and None)
    editing.edit(held)
    words, env = seen
    assert words == ["ed", "-s"]
    assert isinstance(env, dict) and env["TERM"] == "xterm" and "RESTIC_PASSWORD" not in env
    assert held.changes() == {"title": "b"}
    (held.path.parent / "backup~").write_text("x")
    held.drop()
    assert not held.path.parent.exists()


def test_an_editor_that_fails_writes_nothing(
    site: Site, typed: Callable[[Callable[[Path], int | None]], list[object]]
) -> None:
    held = editing.draft(site.workspace, site.act(asking.add, "a printer"))
    typed(lambda _path: 1)
    with pytest.raises(UsageError, match="ended with 1"):
        editing.edit(held)
    held.path.unlink()
    assert held.changes() == {}


def test_a_ticket_that_was_changed_meanwhile_is_not_overwritten(site: Site) -> None:
    held = editing.draft(site.workspace, site.act(asking.add, "a printer"))
    site.comment(held.ticket.id, "mine", who="boris@b\x1b")
    before = site.snapshot()
    with site.desk() as desk, pytest.raises(UsageError, match=r"by boris@b\\x1b;"):
        editing.write(desk, held, {"title": "x"}, pen=site.pen())
    assert site.snapshot() == before


def test_a_parent_is_named_as_people_name_tickets(site: Site) -> None:
    one, other = site.act(asking.add, "a"), site.act(asking.add, "b")
    held = editing.draft(site.workspace, one)
    with site.desk() as desk:
        said = other.id.lower().replace("-", " ")
        made = editing.write(desk, held, {"parent": said}, pen=site.pen())
        assert made.parent == other.id
        with pytest.raises(UsageError, match="needs a title"):
            editing.checked(desk, {"title": " "})


def test_the_editor_is_the_persons_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EDITOR", "vi")
    monkeypatch.setenv("VISUAL", "code --wait")
    assert editing.editor() == ["code", "--wait"]
    monkeypatch.setenv("VISUAL", "it's")
    with pytest.raises(UsageError, match="quote"):
        editing.editor()
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="no editor"):
        editing.editor()
    (tmp_path / "vi").write_text("#!/bin/sh\n")
    (tmp_path / "vi").chmod(0o700)
    assert editing.editor() == [str(tmp_path / "vi")]


def test_a_priority_can_follow_again(site: Site) -> None:
    one = site.act(asking.add, "x", priority="high", impact="low", urgency="low")
    assert site.act(changing.edit, one.id, {"priority": ""}).priority == "low"
