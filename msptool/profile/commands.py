"""Which commands a profile would run: what a person looks at before trusting it."""

from msptool import yaml12
from msptool.profile.load import Loaded
from msptool.yaml12 import Value


def listed(loaded: Loaded) -> list[tuple[str, str]]:
    """Return the key and the text of every `command:` reference of the client's own file."""
    return _within(loaded.document.data, ())


def _within(value: Value, path: yaml12.Path) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(yaml12.dotted(path), value)] if value.startswith("command:") else []
    inner = value.items() if isinstance(value, dict) else enumerate(_items(value))
    return [found for key, one in inner for found in _within(one, (*path, key))]


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
