"""The profile's JSON Schema, for editors; made from the shape, never written by hand."""

from msptool import model
from msptool.profile.shape import Profile


def schema() -> bytes:
    """Return JSON Schema 2020-12, indented."""
    return model.json_schema(Profile)
