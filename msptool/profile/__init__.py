"""Profiles: what a client agreed to and pays for, read strictly and with the place of each error.

A client profile `extends` a service plan. `shape` says what may stand in one, `load` reads it,
`trust` decides whether its commands may run, `schema` publishes the shape for editors.
"""

from msptool.profile.load import load, load_file
from msptool.profile.shape import Profile

__all__ = ["Profile", "load", "load_file"]
