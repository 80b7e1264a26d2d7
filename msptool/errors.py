"""What can go wrong, whose fault it is, and what the user is told: one table.

The class says whose fault; `code` is stable and never translated; `exit` is what scripts see.
Only the command line's boundary prints these.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in a file: lines and columns count from 1; 0 is unknown."""

    file: str = ""
    line: int = 0
    column: int = 0
    key: str = ""
    source: str = ""

    def __str__(self) -> str:
        """Return `file:line:column` as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class MsptoolError(Exception):
    """The base: `code`, what happened, where, what to do (`hint`), and near misses."""

    exit = 70
    word = "error"

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        place: Place | None = None,
        nearest: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.place = place or Place()
        self.nearest = nearest


class UsageError(MsptoolError):
    """Wrong words on the command line or wrong input."""

    exit = 2


class ProfileError(UsageError):
    """A profile that cannot be used: the place says file, line and key."""


class UnsafeError(UsageError):
    """A workspace or file that another user could have written."""


class PartDone(MsptoolError):
    """A host, a job or a line failed; the rest is done and kept."""

    exit = 3


class ToolMissing(MsptoolError):
    """A program or a privilege is missing or too old."""

    exit = 4


class OutOfScope(MsptoolError):
    """Refused before a packet left: not covered by the client's authorisation."""

    exit = 5
    word = "refused"


class Busy(MsptoolError):
    """Another run holds the workspace."""

    exit = 6


class DiskError(MsptoolError):
    """The disk is full or an input or output failed; `place.file` says where."""

    exit = 74


class ToolFailed(MsptoolError):
    """An outside program failed in a way that belongs to this one job or host."""

    exit = 3


class Stopped(BaseException):
    """SIGTERM or SIGHUP asked us to stop: clean up, then die by it. Like KeyboardInterrupt."""


# Exit codes beside those of the classes above; docs/exit-codes.md is checked against both.
FINE = 0
FINDINGS = 1
BUG = 70
HUNG_UP = 129
INTERRUPTED = 130
CLOSED_PIPE = 141
TERMINATED = 143
