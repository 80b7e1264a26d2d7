"""The corpus of recorded devices beside the project (../shared/corpus), and its own scorer."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parents[4] / "shared/corpus"
SCORER = FOLDER / "score.py"
EXPECTED = FOLDER / "expected.json"


def scorer() -> ModuleType:
    """Load the scorer."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def expected() -> dict[str, dict[str, Any]]:
    """Return what another system says of each device, by recording."""
    told: dict[str, dict[str, Any]] = json.loads(EXPECTED.read_text())
    return told
