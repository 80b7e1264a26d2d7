"""What an audit says is there, without what differs from hour to hour; two of them beside each
other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from msptool import runs
from msptool.audit.asset import Asset

# Clocks and counters, and the hashes of evidence that has a time in it.
PASSING = frozenset({"seen_at", "evidence", "uptime_s", "in_packets", "in_errors"})


def inventory(folder: Path) -> dict[str, Any]:
    """Return the assets of a committed run by id, each as plain values."""
    return {
        asset.id: _lasting(msgspec.to_builtins(asset))
        for asset in runs.load_facts(folder, "assets", Asset)
    }


def there(folder: Path) -> dict[str, Any]:
    """Return the assets that answered in a run; it keeps those that did not, too."""
    assets = runs.load_facts(folder, "assets", Asset)
    last = max(asset.seen_at for asset in assets)
    here = {asset.id for asset in assets if asset.seen_at == last}
    return {ident: one for ident, one in inventory(folder).items() if ident in here}


def _lasting(value: Any) -> Any:
    """Return a value as nested dicts, so that a difference can be named by its path."""
    if isinstance(value, list | tuple):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        return {key: _lasting(held) for key, held in value.items() if key not in PASSING}
    return value


def differences(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """Yield what one inventory has and the other has not, by its path."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now}, key=str):
            yield from differences(before.get(key), now.get(key), f"{path}/{key}")
    elif before != now:
        yield f"{path}: {before!r} -> {now!r}"
