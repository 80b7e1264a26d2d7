"""The profile's JSON Schema, for editors; made from the shape, never written by hand."""

import msgspec

from msptool.profile.shape import Profile


def schema() -> bytes:
    """Return JSON Schema 2020-12, indented."""
    made = msgspec.json.schema(Profile)
    titled = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
    return msgspec.json.format(msgspec.json.encode(titled), indent=2) + b"\n"
