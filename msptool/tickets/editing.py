"""A ticket in a person's own editor: a private file, changed there, held against the ticket.

What somebody wrote is never lost: as long as it is not in the ticket, its file stays.
"""

import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msptool import files, process, yaml12
from msptool.errors import Place, ToolMissing, UsageError
from msptool.tickets import sheet
from msptool.tickets.acts import changing
from msptool.tickets.acts.changing import Value
from msptool.tickets.desk import Desk
from msptool.tickets.events import Pen
from msptool.tickets.ticket import Ticket
from msptool.workspace import Workspace

_EDITORS = ("editor", "nano", "vi")
# What an editor needs of our environment to find its terminal, its settings and its server.
# Whatever else is there (passwords for restic, tokens) is not its business.
_PASSED_ENV = (
    "TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANGUAGE",
    "SHELL", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
    "XDG_STATE_HOME", "DBUS_SESSION_BUS_ADDRESS", "COLUMNS", "LINES", "TERMINFO", "TERMCAP",
    "TERMINFO_DIRS", "TMUX", "STY", "VIM", "VIMINIT", "VIMRUNTIME", "MYVIMRC", "NVIM",
    "NVIM_APPNAME", "EMACS_SOCKET_NAME", "ALTERNATE_EDITOR", "VSCODE_IPC_HOOK_CLI", "VISUAL",
    "EDITOR",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A ticket's sheet in a folder of its own, which no one else can read."""

    path: Path
    ticket: Ticket
    written: bytes

    def now(self) -> bytes:
        """Return what is in the file; as it was written, where the editor left none."""
        try:
            with self.path.open("rb") as file:
                return file.read(yaml12.LIMIT_BYTES + 1)
        except FileNotFoundError:
            return self.written
        except OSError as error:
            raise UsageError(
                "ticket.sheet", f"cannot be read: {error.strerror}", place=Place(str(self.path))
            ) from error

    def is_changed(self) -> bool:
        """Tell whether anything would be lost without the file."""
        try:
            return self.now() != self.written
        except UsageError:
            return True

    def changes(self) -> Mapping[str, Value]:
        """Return what the person changed; raise UsageError with the line of a mistake."""
        data = self.now()
        if data == self.written:
            return {}
        return sheet.changes(self.ticket, data, file=str(self.path))

    def drop(self) -> None:
        """Delete the file, and what the editor left beside it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def draft(workspace: Workspace, ticket: Ticket, heading: Sequence[str] = ()) -> Draft:
    """Write a ticket's sheet for an editor; `heading`: what to tell the person in it."""
    folder = files.make_folder(workspace.derived / "edit")
    path = Path(tempfile.mkdtemp(prefix="", dir=folder)) / f"{ticket.id}.yaml"
    written = sheet.of(ticket, heading).encode()
    files.create(path, written)
    return Draft(path, ticket, written)


def edit(held: Draft) -> None:
    """Run the editor on a draft till it ends; raise UsageError where it says that it failed."""
    words = editor()
    env = {name: os.environ[name] for name in _PASSED_ENV if name in os.environ}
    base = {name: value for name, value in process.environment().items() if name != "LC_ALL"}
    code = process.foreground([*words, str(held.path)], env=base | env)
    if code:
        raise UsageError(
            "ticket.editor", f"the editor ended with {code}; nothing was written",
            hint=f"it is what VISUAL or EDITOR names: {words[0]}",
        )  # fmt: skip


def editor() -> list[str]:
    """Return the words of the person's editor: $VISUAL, $EDITOR, else one that is there."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError:
            raise UsageError(
                "ticket.editor", f"{name} has a quote that does not end",
                hint="export EDITOR=nano",
            ) from None  # fmt: skip
        if words:
            return words
    for name in _EDITORS:
        if found := shutil.which(name):
            return [found]
    raise ToolMissing("ticket.editor", "no editor was found", hint="export EDITOR=nano")


def write(desk: Desk, held: Draft, changes: Mapping[str, Value], *, pen: Pen) -> Ticket:
    """Write a draft's changes, unless the ticket was written to since: then nothing, and say who.

    The desk was opened to write.
    """
    ident = held.ticket.id
    who = sheet.since(held.ticket, desk.read(ident))
    if who:
        raise UsageError(
            "ticket.changed", f"{ident} was changed meanwhile by {who}; nothing was written",
            hint=f"look at it and edit it again: msptool tickets show {ident}",
        )  # fmt: skip
    return changing.edit(desk, ident, checked(desk, changes), pen=pen)


def checked(desk: Desk, changes: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return changes that name what is there: a title, a parent. Raises UsageError."""
    if not str(changes.get("title", "-")).strip():
        raise UsageError("ticket.title", "a ticket needs a title")
    parent = changes.get("parent")
    return {**changes, "parent": desk.find(str(parent))} if parent else changes
