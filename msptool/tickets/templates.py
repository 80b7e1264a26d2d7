"""What new tickets begin with: templates that ship (`templates/tickets`), and the profile's own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from msptool import shipped, yaml12
from msptool.errors import UsageError
from msptool.model import Words
from msptool.profile import Profile
from msptool.profile.shape import Language, Level, SupportLine, TicketKind, TicketTemplate
from msptool.tickets.ticket import first


class Shipped(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template in every language of ours; the profile's have the client's language only."""

    title: Words
    text: Words = {}
    type: TicketKind = "request"
    category: str = ""
    priority: Level | None = None
    line: SupportLine | None = None
    queue: str = ""
    checklist: Mapping[Language, tuple[str, ...]] = {}

    def spoken(self, languages: Sequence[Language]) -> TicketTemplate:
        """Return it in the first language that it has."""
        items = next((self.checklist[lang] for lang in languages if lang in self.checklist), ())
        return TicketTemplate(
            title=first(self.title, languages), text=first(self.text, languages), type=self.type,
            category=self.category, priority=self.priority, line=self.line, queue=self.queue,
            checklist=items,
        )  # fmt: skip


def names(profile: Profile) -> tuple[str, ...]:
    """Return the names of all templates, the profile's first."""
    ours = sorted(path.stem for path in _folder().glob("*.yaml"))
    return tuple(dict.fromkeys((*profile.tickets.templates, *ours)))


def find(profile: Profile, name: str) -> TicketTemplate:
    """Return a template; the profile's hides a shipped one of its name. Raises UsageError."""
    own = profile.tickets.templates.get(name)
    if own is not None:
        return own
    known = names(profile)
    if name not in known:
        import difflib

        raise UsageError(
            "ticket.template", f"no template {name[:40]!r}",
            hint=f"known here: {', '.join(known)}",
            nearest=tuple(difflib.get_close_matches(name, known, n=2, cutoff=0.5)),
        )  # fmt: skip
    return shipped_one(name).spoken(profile.client.languages)


def shipped_one(name: str) -> Shipped:
    """Return a template that ships, in all its languages."""
    path = _folder() / f"{name}.yaml"
    return msgspec.convert(yaml12.load(path.read_bytes(), file=path.name).data, Shipped)


def begun(template: TicketTemplate | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a new ticket, and what the template says where that says nothing."""
    filled = {name: value for name, value in said.items() if value}
    if template is None:
        return filled
    ours = {
        "title": template.title, "text": template.text, "kind": template.type,
        "category": template.category, "priority": template.priority, "line": template.line,
        "queue": template.queue, "checklist": template.checklist,
    }  # fmt: skip
    return {name: value for name, value in ours.items() if value} | filled


def _folder() -> Path:
    return shipped.folder("templates") / "tickets"
