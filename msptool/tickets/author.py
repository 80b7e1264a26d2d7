"""Who acts."""

import os


def author() -> str:
    """Return who acts, as `user@host`: two engineers merge their histories."""
    import getpass

    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    return f"{user}@{os.uname().nodename}"
