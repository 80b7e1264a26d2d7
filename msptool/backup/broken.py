"""What breaks a job or a repository from within: its own outcome, and no end of the whole run."""

import msgspec

from msptool.backup import words
from msptool.errors import MsptoolError

# DecodeError: restic answered in another form than it has for us.
ERRORS = (MsptoolError, OSError, msgspec.DecodeError)


def detail(error: Exception) -> str:
    """Return what an error says, and where."""
    if isinstance(error, MsptoolError):
        return f"{error.message} ({error.place})" if str(error.place) else error.message
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    return words.NO_ANSWER


def code(error: Exception) -> str:
    """Return the stable code of an error; "" if it has none."""
    return error.code if isinstance(error, MsptoolError) else ""
