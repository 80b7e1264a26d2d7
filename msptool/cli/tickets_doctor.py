"""`msptool tickets fsck`, `reindex`, `redact`, `attach`, `attachment`: the store and its files."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping, manual, speech, tickets_desk
from msptool.cli.speech import _
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.tickets.desk import Desk
    from msptool.tickets.doctor.look import Health
    from msptool.tickets.doctor.mend import Mended
    from msptool.tickets.doctor.troubles import Trouble
    from msptool.tickets.redact import Redaction

_SHOWN = 3  # places of one harmless kind


@click.command(cls=manual.Verb)
@click.option("--mend", "is_mending", is_flag=True, help="Mend what can be mended without loss.")
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool tickets fsck", "msptool tickets fsck --mend", "msptool tickets fsck --json")
def fsck(*, is_mending: bool, directory: str | None, as_json: bool, quiet: bool) -> int:
    """Look at the whole store, and say what is wrong with it.

    Ends with 1 where something is. What is broken moves to tickets/quarantine; nothing is thrown
    away but leftovers of killed writes and what was redacted.
    """
    from msptool import clock
    from msptool.errors import FINDINGS
    from msptool.tickets.doctor import look
    from msptool.tickets.doctor import mend as mending

    progress = base.progress(quiet=quiet or as_json)
    with tickets_desk.opened(directory, to_write=is_mending) as desk:
        health = look.look(desk, clock.now(), step=progress.step, is_locked=is_mending)
        done: list[Mended] = []
        if is_mending:
            done = mending.mend(desk, health)
            health = look.look(desk, clock.now(), step=progress.step, is_locked=True)
        progress.clear()
    if as_json:
        base.records([*done, *health.troubles])
    else:
        base.say("\n".join(_of_mended(done)))
        _show(health, quiet=quiet)
    base.end(as_json)
    return FINDINGS if health.wrong else 0


def _show(health: "Health", *, quiet: bool) -> None:
    for one in health.wrong:
        base.say(f"{_('WRONG'):<7} {visible(_line(one))}")
        base.say(visible(f"        = {speech.told('fsck', one.todo)}"))
    harmless: dict[str, list[Trouble]] = defaultdict(list)
    for one in health.troubles:
        if not one.wrong and not quiet:
            harmless[one.code].append(one)
    for alike in harmless.values():
        for one in alike[:_SHOWN]:
            base.say(f"{_('note'):<7} {visible(_line(one))}")
        if len(alike) > _SHOWN:
            base.say("        " + _("and {0} more of {1}", len(alike) - _SHOWN, alike[0].code))
    if not health.wrong:
        base.tell(_("{0} files of tickets: nothing is wrong", health.files), quiet=quiet)


def _line(one: "Trouble") -> str:
    place = f"{one.file}:{one.line}" if one.line else one.file
    detail = f" ({one.detail})" if one.detail else ""
    return f"[{one.code}] {place}: {speech.told('fsck', one.says)}{detail}"


def _of_mended(done: Sequence["Mended"]) -> Iterator[str]:
    for one in done:
        place = f"{one.file}:{one.line}" if one.line else one.file
        kept = f" -> {one.kept}" if one.kept else ""
        yield f"{_('mended'):<7} {visible(f'[{one.code}] {place}{kept}')}"


@click.command(cls=manual.Verb)
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples("msptool tickets reindex")
def reindex(directory: str | None, as_json: bool, quiet: bool) -> None:
    """Make the index anew from the files. It is derived, and may be deleted at any time."""
    from msptool.tickets import store

    progress = base.progress(quiet=quiet or as_json)
    with tickets_desk.opened(directory) as desk:
        desk.index.rebuild(lambda done, of: progress.step("index", f"{done} of {of}"))
        progress.clear()
        _require_kept(desk)
        count = desk.index.rows("SELECT count(*) FROM ticket")[0][0]
        problems = desk.index.problems()
    base.tell(_("{0} tickets in the index", count), quiet=quiet)
    if error := store.part_done(problems):
        raise error
    base.end(as_json)


def _require_kept(desk: "Desk") -> None:
    """Raise DiskError where the index is a copy in a temporary folder, which no one sees again."""
    from msptool.errors import DiskError, Place
    from msptool.tickets import database

    if not desk.index.is_kept:
        raise DiskError(
            "tickets.not-kept", "the index cannot be written",
            place=Place(file=str(database.path_of(desk.workspace))),
            hint="make it writable; msptool tickets fsck --mend removes what stands in its place",
        )  # fmt: skip


@click.command(cls=manual.Verb)
@click.argument("words", nargs=-1, metavar="[ID] [-]")
@click.option("--everywhere", is_flag=True, help="In all tickets.")
@click.option(
    "--attachment", metavar="SHA|NAME", help="Delete this attachment for good, in place of a text."
)
@click.option("--comment", "text", default="", help="Why; not the secret.")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool tickets redact ACME-4K7QX2-Y",
    "pass show old | msptool tickets redact --everywhere -",
    "msptool tickets redact ACME-4K7QX2-Y --attachment scan.pdf",
)
def redact(
    *,
    words: tuple[str, ...],
    everywhere: bool,
    attachment: str | None,
    text: str,
    directory: str | None,
    as_json: bool,
) -> None:
    """Take a secret out of the store for good. It is asked for; - reads it from stdin.

    A merge with a clone that still has it does not bring it back. The history of git, clones and
    other service desks keep it: change the secret itself.
    """
    import msgspec

    from msptool.tickets import redact as redacting

    said, secret = _asked(words, everywhere=everywhere, attachment=attachment)
    with tickets_desk.opened(directory, to_write=True) as desk:
        ident = desk.find(said) if said else ""
        if attachment is not None:
            done = redacting.attachment(
                desk, attachment, pen=tickets_desk.pen(), ident=ident, text=text
            )
        else:
            done = redacting.redact(desk, secret, pen=tickets_desk.pen(), ident=ident, text=text)
        has_git = (desk.workspace.root / ".git").exists()
    if as_json:
        base.record({"type": "redaction"} | msgspec.to_builtins(done))
    else:
        _told(done, has_git=has_git)
    base.end(as_json)


def _asked(words: tuple[str, ...], *, everywhere: bool, attachment: str | None) -> tuple[str, str]:
    """Return the ticket and the secret; what else was typed may be the secret, and is not said."""
    from msptool.errors import UsageError

    said = [word for word in words if word != "-"]
    most = 0 if everywhere else 1
    if len(said) > most or len(words) - len(said) > 1:
        raise UsageError(
            "redact.words", "a secret is never typed on the command line",
            hint="leave it out and you will be asked; it is in your shell's history now",
        )  # fmt: skip
    if not (said or everywhere or attachment):
        raise UsageError(
            "redact.where", "in which ticket?", hint="name one, or say --everywhere"
        )  # fmt: skip
    if attachment is not None:
        return said[0] if said else "", ""
    return said[0] if said else "", _secret(is_piped="-" in words)


def _secret(*, is_piped: bool) -> str:
    from msptool.errors import UsageError

    if is_piped:
        return tickets_desk.stdin().read(1 << 20).decode(errors="surrogateescape").rstrip("\r\n")
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "redact.terminal", "there is no terminal to ask for the secret",
            hint="pipe it in: msptool tickets redact ID -",
        )  # fmt: skip
    asked: str = click.prompt(_("the secret (not shown)"), hide_input=True, err=True)
    return asked


def _told(done: "Redaction", *, has_git: bool) -> None:
    count = done.texts + done.lines
    if done.tickets or count:
        for ident in done.tickets:
            base.say(visible(ident))
        base.tell(_("taken out: {0} texts in {1} tickets", count, len(done.tickets)))
    else:
        base.tell(_("found in no ticket; nothing was written"))
    for place in done.kept:
        base.tell(visible(_("left, since it may only be certain words: {0}", place)))
    for place in done.elsewhere:
        base.tell(visible(_("still in {0}", place)))
    if done.busy:
        base.tell(
            _("another process reads the index: msptool tickets fsck --mend, when it is gone")
        )
    if has_git:
        base.tell(_("the history of git and every clone still have it"))
    base.tell(_("Change the secret itself: it was read by all who could read the tickets."))


@click.command(cls=manual.Verb)
@click.argument("ticket", metavar="ID")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--name", default="", help="What one file is called there; else its own name.")
@base.workspace_option
@base.json_option
@base.examples("msptool tickets attach ACME-4K7QX2-Y photo.jpg")
def attach(
    ticket: str, paths: tuple[str, ...], name: str, directory: str | None, as_json: bool
) -> None:
    """Keep files with a ticket. Each content is kept once, whatever its name."""
    from msptool.errors import UsageError
    from msptool.tickets import attachments

    if name and len(paths) > 1:
        raise UsageError("attachment.names", "--name goes with one file")
    for path in paths:  # all or none, as far as one can tell
        next(attachments.pieces(Path(path)), b"")
    with tickets_desk.opened(directory, to_write=True) as desk:
        ident = desk.find(ticket)
        for path in paths:
            made = attachments.attach(desk, ident, Path(path), pen=tickets_desk.pen(), name=name)
            one = made.attachments[-1]
            if not as_json:
                base.say(visible(f"{ident}  {one.sha256[:12]}  {one.size_bytes}  {one.name}"))
        shown = made.attachments[-len(paths) :]
    if as_json:
        base.records(shown)
    base.end(as_json)


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def attachment() -> None:
    """Files that hang on tickets."""


@attachment.command("get")
@click.argument("ticket", metavar="ID")
@click.argument("name", metavar="NAME|SHA")
@click.option(
    "-o", "--output", required=True, metavar="FILE", type=click.Path(),
    help="Write it here; a folder takes it under its own name.",
)  # fmt: skip
@base.workspace_option
@base.json_option
@base.examples("msptool tickets attachment get ACME-4K7QX2-Y photo.jpg -o photo.jpg")
def get(ticket: str, name: str, output: str, directory: str | None, as_json: bool) -> None:
    """Write an attachment into a file. It is checked against its hash, and never opened."""
    from msptool.tickets import attachments

    with tickets_desk.opened(directory) as desk:
        wanted = attachments.find(desk.read(desk.find(ticket)), name)
        with base.into(Path(output)):
            made = attachments.fetch(desk.workspace, wanted, Path(output))
    if as_json:
        base.records([wanted])
    else:
        base.tell(visible(_("{0} bytes in {1}", wanted.size_bytes, made)))
    base.end(as_json)
