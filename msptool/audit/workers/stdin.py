"""What every worker reads: targets, one a line, then an empty line and its orders as JSON."""

import json
import sys
from typing import Any


def read() -> tuple[list[str], dict[str, Any]]:
    """Return the targets the gate let through, and the orders."""
    listed, _, orders = sys.stdin.read().partition("\n\n")
    return listed.split(), json.loads(orders or "{}")


def tell(**record: Any) -> None:
    """Print one record as a line."""
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()
