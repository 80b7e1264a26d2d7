"""Text that would break, inject or deceive, and a ticket that has it in every field it can."""

from datetime import UTC, datetime, timedelta

from msptool.model import Subject
from msptool.tickets import events
from msptool.tickets.events import AnyEvent, Pen

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
TEXTS = (
    "=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "=\x00", "＝1+1",
    "=HYPERLINK(\"http://evil.example\")", "_x0041_ _x000D_", "a\x00b\x08\x7f",
    "\x1b]52;c;aGk=\x07", "\x1b[2J\x1b]0;title\x07", "\x9b2J\x9d", "\u202eevil\u2066\u200b\ufeff",
    "a\nb\r\nc\u2028d\x0be", '"quoted", and; semicolons', "\nEND:VTODO\nBEGIN:VEVENT\r\nX:1",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title><iframe src=//e.e>",
    "![x](http://evil.example/p.png) [y](javascript:alert(1)) <http://evil.example>",
    "http://evil.example www.evil.example a@evil.example ftp://e.example //e.example",
    "| a | b |\n|---|---|\n# head\n\n---\n    code\n```\nx\n```\n1. one\n> q\n[a]: http://e.example",
    "x\n===\n\n<!-- \n\n&lt;script&gt; \\<b> \\\\[z](u) ~~s~~ $x$ [^1] :smile: #1 @all",
    "{{7*7}} {% for x in y %} ${7*7} [/red] `x`", "::error::x\n<3>log\n##[error]x",
    "Кириллица и ёлка", "e\u0301 漢字 👩\u200d👩\u200d👧 \ufffe", "x" * 10_000,
    "漢字ёж👩 " * 200, "\n" * 500, "",
)  # fmt: skip


def history(text: str, ident: str = "ACME-000000-0") -> list[AnyEvent]:
    """Return the events of a ticket that is open again, with a text in all that is free."""
    made: list[AnyEvent] = []
    pen = Pen(f"a@{text}", NOW)
    seen = events.Sighting(seen_at=NOW, run=text, vantage=text)
    words = {"en": text, "ru": text}
    about = events.About(
        check=text, subject=Subject(client="ACME", thing=text, part=text), name=text,
        severity="high", title=words, message=words, remedy=words, standards=(text,),
        evidence=(text,), proof_head=text, proof_key=text, seen=seen,
    )  # fmt: skip
    made.append(
        events.Opened(
            **pen.mark(), format=2, ticket=ident, client="ACME", kind="incident", title=text,
            text=text, requester=text, channel=text, category=text, queue=text, assignee=text,
            tags=(text, "tag"), aliases=(text,), parent=text, checklist=(text, text), about=about,
        )
    )  # fmt: skip
    hour = timedelta(hours=1)
    visit = pen.eid()
    for kind, fields in (
        (events.Comment, {"text": text}),
        (events.Comment, {"text": text, "internal": True}),
        (events.Set, {"fields": {"category": text, "novel": text}}),
        (events.Timed, {"minutes": 25, "began_at": NOW, "text": text}),
        (events.Visit, {"visit": visit, "starts_at": NOW, "ends_at": NOW + hour,
                        "engineer": text, "place": text, "text": text}),
        (events.Attached, {"sha256": "0" * 64, "name": text, "size_bytes": 1}),
        (events.Ticked, {"item": 0}),
        (events.Linked, {"to": text, "tie": "relates"}),
        (events.Escalated, {"line": "L2", "symptom": text, "tried": text, "evidence": text}),
        (events.Snoozed, {"until": NOW + hour, "text": text}),
        (events.Closed, {"reason": "duplicate", "duplicate_of": text, "text": text}),
        (events.Reopened, {"text": text}),
    ):  # fmt: skip
        made.append(kind(**pen.mark(made), **fields))
    return made
