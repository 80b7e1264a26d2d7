"""Everything `tickets fsck` can find: a stable code, whether it is wrong, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct


@dataclass(frozen=True)
class Kind:
    """`wrong`: somebody has to do something; else it is harmless, and told. `mends`: --mend can."""

    wrong: bool
    says: str
    todo: str
    mends: bool = False


class Trouble(Struct, frozen=True, kw_only=True, tag_field="type", tag="trouble"):
    """One thing that was found; `file` is below the workspace, `line` counts from 1, 0 is the file.

    `detail` are ids, names and numbers, of no language.
    """

    code: str
    wrong: bool
    file: str
    line: int
    detail: str
    says: str
    todo: str
    mends: bool


def trouble(code: str, file: str, line: int = 0, detail: str = "") -> Trouble:
    """Return what was found, with the words of its kind."""
    kind = KINDS[code]
    return Trouble(
        code=code, wrong=kind.wrong, file=file, line=line, detail=detail, says=kind.says,
        todo=kind.todo, mends=kind.mends,
    )  # fmt: skip


_MEND = "msptool tickets fsck --mend puts it aside"
_FROM_GIT = "get the file back from git, or from another clone"
KINDS: Mapping[str, Kind] = {
    # Lines.
    "torn": Kind(True, "a line ends in its middle", _MEND, True),
    "foreign": Kind(True, "a line is no event", _MEND, True),
    "binary": Kind(True, "a line is binary", _MEND, True),
    "gigantic": Kind(True, "a line is longer than 4 MiB", _MEND, True),
    "marker": Kind(True, "a merge left its marker", _MEND, True),
    "unredacted": Kind(
        True, "a merge brought back what was redacted",
        "msptool tickets fsck --mend takes it out again", True,
    ),
    "claimed": Kind(
        True, "different events claim one eid; the first in order counts",
        "look at both lines; write again what the other one says",
    ),
    "doubled": Kind(False, "lines stand twice; each counts once", "nothing"),
    "reordered": Kind(False, "lines are out of order, as after a merge; harmless", "nothing"),
    "newer": Kind(
        False, "events of a newer msptool: kept; the ticket cannot be closed here",
        "update msptool",
    ),
    "format": Kind(True, "the format is newer than this msptool", "update msptool"),
    # Files.
    "headless": Kind(True, "no line opens the ticket", _FROM_GIT),
    "unreadable": Kind(True, "the file cannot be read", _FROM_GIT),
    "misnamed": Kind(
        True, "the name is no ticket's; nobody reads the file",
        "give it its name back, or move it out of tickets/",
    ),
    "misplaced": Kind(
        True, "the file lies in another ticket's folder; nobody reads it",
        "move it into the folder of its first two drawn characters",
    ),
    "renamed": Kind(
        True, "the file's name is not the id that its opening has",
        "give it its name back, or move it out of tickets/",
    ),
    "other-client": Kind(
        True, "the ticket is another client's", "move it into that client's workspace"
    ),
    "leftover": Kind(
        True, "a killed write left a file", "msptool tickets fsck --mend removes it", True
    ),
    "stray": Kind(False, "a file that is not ours lies among the tickets", "look at it"),
    "writable": Kind(
        True, "others may write to it", "msptool tickets fsck --mend takes that away", True
    ),
    "readable": Kind(
        False, "others may read it, as after a checkout by git",
        "msptool tickets fsck --mend takes that away", True,
    ),
    "owner": Kind(True, "it belongs to another user", "chown it to yourself"),
    # Tickets.
    "clash": Kind(
        False, "one id was drawn for several tickets; each has an id of its own", "nothing"
    ),
    "alias": Kind(
        False, "one alias names several tickets", "msptool tickets edit takes it from one of them"
    ),
    "twins": Kind(
        True, "tickets with work to do are of one finding", "msptool tickets merge joins them"
    ),
    "ring": Kind(
        True, "tickets were closed as duplicates of each other; nobody has their matter",
        "msptool tickets reopen one of them",
    ),
    "skew": Kind(
        False, "a clock disagreed with the order of events", "set the clock of that machine"
    ),
    "future": Kind(True, "events are of the future", "set the clock of that machine"),
    "nowhere": Kind(
        True, "it points at a ticket that is not here", "pull the other clone's tickets, or unlink"
    ),
    # Attachments.
    "attachment-missing": Kind(True, "what is attached is not here", _FROM_GIT),
    "attachment-orphan": Kind(False, "no ticket has this attachment", "look at it"),
    "attachment-hash": Kind(True, "an attachment is not what it was", _MEND, True),
    "attachment-back": Kind(
        True, "a merge brought back an attachment that was deleted",
        "msptool tickets fsck --mend takes it out again", True,
    ),
    # Receipts.
    "receipt": Kind(True, "a line of a receipt cannot be read", _MEND, True),
    "receipt-renamed": Kind(
        True, "the receipt is that of another run",
        "get the file back from git, or give it that run's name",
    ),
    "receipt-nowhere": Kind(
        True, "a run saw a ticket that is not here", "pull the other clone's tickets"
    ),
    # Around.
    "git-attributes": Kind(
        True, "git would not merge it as it must", "msptool tickets fsck --mend adds the rule", True
    ),
    "git-union": Kind(
        True, "git would merge it line by line, which tears it",
        "msptool tickets fsck --mend adds the rule", True,
    ),
    "git-ignore": Kind(
        True, "git would carry it", "msptool tickets fsck --mend adds the rule", True
    ),
    "index": Kind(
        True, "the index disagrees with the files", "msptool tickets reindex", True
    ),
    "index-place": Kind(
        True, "something else stands in the place of the index",
        "msptool tickets fsck --mend puts it aside", True,
    ),
    "scrub": Kind(
        True, "a redaction was cut short; the index may hold the secret",
        "msptool tickets fsck --mend goes on", True,
    ),
}  # fmt: skip
