"""Whether the key files of a local repository are what they were made as.

restic says "wrong password or no key found" for a key that is lost or damaged as for a password
that is wrong; a person who believes it looks for a password that opens nothing.
"""

from pathlib import Path

from msptool import files


def keys(repository: Path) -> bool:
    """Tell whether any key file is intact: restic names each by its SHA-256 (design document,
    "Repository Layout"). One that cannot be read may be.
    """
    try:
        return any(_is_intact(path) for path in (repository / "keys").iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _is_intact(path: Path) -> bool:
    return files.sha256(path) == path.name
