"""Find what ships with the program: profiles and templates.

In a wheel they lie inside the package, in a checkout beside it; looking for both works from a
wheel, from each kind of editable install and from a bare checkout.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def folder(kind: str) -> Path:
    """Return the folder of shipped files of a kind ("profiles", "templates")."""
    inside = _HERE / kind
    return inside if inside.is_dir() else _HERE.parent / kind
