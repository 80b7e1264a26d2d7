"""Join the newest complete run of each kind, the tickets and the profile into a document."""

from collections.abc import Sequence
from datetime import datetime

from msptool import __version__, model, runs, ulid
from msptool.errors import UsageError
from msptool.profile.load import Loaded
from msptool.profile.shape import Profile
from msptool.report.document import (
    KINDS,
    Authority,
    Document,
    Part,
    Problem,
    Promise,
    Ticket,
    Trouble,
)
from msptool.standing import standing
from msptool.workspace import Workspace

_TROUBLES: dict[str, Trouble] = {"run.changed": "changed"}


def gather(
    workspace: Workspace,
    loaded: Loaded,
    *,
    now: datetime,
    tickets: Sequence[Ticket] = (),
    unreadable_tickets: int = 0,
    languages: Sequence[str] | None = None,
) -> Document:
    """Read what a report tells; a run that cannot be read is told of, and an older one used."""
    profile = loaded.profile
    return Document(
        id=ulid.new(),
        built_at=now,
        msptool=__version__,
        client=profile.client.code,
        name=profile.client.name,
        zone=profile.client.zone,
        languages=tuple(dict.fromkeys(languages or profile.client.languages)),
        authority=_authority(loaded),
        promises=_promises(profile),
        parts=tuple(part(workspace, kind) for kind in KINDS),
        tickets=tuple(tickets),
        unreadable_tickets=unreadable_tickets,
    )


def _authority(loaded: Loaded) -> Authority:
    scope = loaded.profile.scope
    return Authority(
        networks=scope.networks,
        exclude=scope.exclude,
        authorised_by=scope.authorised_by,
        expires=scope.expires,
        consents=scope.consents,
        profile_sha256=loaded.sha256,
        scope_sha256=loaded.scope_sha256,
    )


def _promises(profile: Profile) -> tuple[Promise, ...]:
    jobs = profile.backup.jobs.items()
    return tuple(Promise(job=name, rpo_h=job.rpo_h, rto_h=job.rto_h) for name, job in jobs)


def part(workspace: Workspace, kind: model.Kind) -> Part:
    """Return what stands of a kind: its newest complete run, what of earlier ones it left as it
    was, and what is wrong with those newer than it.
    """
    problems = []
    for folder in runs.folders(workspace, kind):
        try:
            report = runs.load(folder)
        except UsageError as error:
            trouble = _TROUBLES.get(error.code, "unreadable")
            problems.append(Problem(run=folder.name, trouble=trouble))
            continue
        if report.end.complete:
            problems += _unfinished(workspace, kind, after=folder.name)
            told = standing(workspace, report)
            return Part(kind=kind, report=told, problems=tuple(problems))
        problems.append(Problem(run=folder.name, trouble="cut-short"))
    problems += _unfinished(workspace, kind, after="")
    return Part(kind=kind, problems=tuple(problems))


def _unfinished(workspace: Workspace, kind: model.Kind, *, after: str) -> list[Problem]:
    """Return runs of a kind that began later and never ended, or have not yet."""
    return [
        Problem(run=run.final.name, trouble="unfinished")
        for run in reversed(runs.cut_short(workspace, kind))
        if run.folder.name > after
    ]
