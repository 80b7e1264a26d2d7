"""Which tickets a person asked for, as records, the most urgent first."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msptool.errors import PartDone
from msptool.profile import Profile
from msptool.tickets import query, store, view
from msptool.tickets.view import View
from msptool.workspace import Workspace


def find(
    workspace: Workspace, profile: Profile, terms: Sequence[str], now: datetime, *, ended: bool
) -> tuple[list[View], PartDone | None]:
    """Return the tickets that pass all terms, and the error to raise after they are shown.

    Without `ended`, and unless a term asks for states, only those with work to do.
    """
    test = query.parse(terms)
    shelf = store.read_all(workspace)
    everyone = ended or query.names_state(terms)
    plan = profile.tickets.sla
    views = [
        view.of(ticket, plan, now) for ticket in shelf.tickets.values() if everyone or ticket.active
    ]
    return sorted(filter(test, views), key=view.urgency), store.part_done(shelf.problems)


def views_of(
    workspace: Workspace, profile: Profile, idents: Iterable[str], now: datetime
) -> list[View]:
    """Return the records of tickets by their ids."""
    plan = profile.tickets.sla
    return [view.of(store.read(workspace, ident)[0], plan, now) for ident in idents]
