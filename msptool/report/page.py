"""All that one language of the HTML page shows, ready to be drawn. Pure."""

from dataclasses import dataclass

from msptool import terminal
from msptool.escape import visible
from msptool.model import Attempt, Thing
from msptool.report import backups, charts, drawing, inventory, network, problems, results, unseen
from msptool.report.document import Document, Part, Ticket
from msptool.report.i18n import Tongue
from msptool.report.index import Index, title
from msptool.report.summary import Summary, coverage, summarise

ACTIVE = ("open", "in_progress", "waiting")
_PORTS = (
    ("XGigabitEthernet", "XGi"), ("TenGigabitEthernet", "Te"), ("GigabitEthernet", "Gi"),
    ("FastEthernet", "Fa"), ("Ethernet", "Eth"),
)  # fmt: skip
_PRIORITIES = ("critical", "high", "normal", "low")


@dataclass(frozen=True)
class Page:
    """One language of a document; what does not depend on the language is worked out once."""

    document: Document
    index: Index
    tongue: Tongue
    summary: Summary
    bar: tuple[charts.Slice, ...]
    ring: charts.Ring
    gaps: tuple[unseen.Gap, ...]
    network: network.Network
    drawings: tuple[drawing.Drawing, ...]
    inventory: tuple[inventory.Row, ...]
    groups: tuple[problems.Group, ...]
    jobs: tuple[backups.Job, ...]
    repositories: tuple[backups.Repository, ...]
    monitor: tuple[results.Result, ...]
    tallies: tuple[results.Tally, ...]
    tickets: tuple[Ticket, ...]

    @property
    def machines(self) -> tuple[Thing, ...]:
        """The machines that the monitor looked at."""
        report = self.index.reports.get("monitor")
        return report.things if report else ()

    def title(self, check: str) -> str:
        """Return the title of a check."""
        return title(self.index, check, self.tongue)

    def name(self, ident: str) -> str:
        """Return what a thing is called."""
        return self.index.name(ident)

    def part(self, kind: str) -> Part:
        """Return the part of a kind of run."""
        return next(part for part in self.document.parts if part.kind == kind)

    def ticket_title(self, ticket: Ticket) -> str:
        """Return what a ticket is about: a finding's rule in this language, else its own title."""
        return self.tongue.pick(ticket.titles) or ticket.title

    def short(self, text: str, columns: int) -> str:
        """Return text for a place of so many columns: the map has no line breaks."""
        return terminal.shorten(visible(text), columns)

    def port(self, name: str, columns: int = 12) -> str:
        """Return a port's name for the map, as switches shorten it: Gi0/0/7."""
        for long, brief in _PORTS:
            if name.startswith(long):
                name = brief + name.removeprefix(long)
        return self.short(name, columns)

    def covered(self, attempts: tuple[Attempt, ...]) -> str:
        """Return the share of attempts with a verdict, as text."""
        percent = coverage(attempts).percent
        return "–" if percent is None else f"{percent}\u00a0%"


def page(document: Document, tongue: Tongue) -> Page:
    """Return a document in one language."""
    index = Index(document)
    summary = summarise(document)
    grown = network.network(index)
    return Page(
        document=document,
        index=index,
        tongue=tongue,
        summary=summary,
        bar=charts.bar(summary.severities),
        ring=charts.ring(summary.coverage.percent),
        gaps=unseen.gaps(index),
        network=grown,
        drawings=drawing.drawings(grown),
        inventory=inventory.rows(index),
        groups=problems.groups(index, tongue),
        jobs=backups.jobs(index, tongue),
        repositories=backups.repositories(index, tongue),
        monitor=results.of_run(index, "monitor", tongue),
        tallies=results.tallies(index, tongue),
        tickets=tuple(sorted(document.tickets, key=_urgency)),
    )


def _urgency(ticket: Ticket) -> tuple[bool, int, float, str]:
    known = ticket.priority in _PRIORITIES
    rank = _PRIORITIES.index(ticket.priority) if known else len(_PRIORITIES)
    due = (ticket.due_at or ticket.opened_at).timestamp()
    return ticket.state not in ACTIVE, rank, due, ticket.id
