"""Unit tests wait for no disk: each fsync of a store costs more there than the test itself."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    with tempfile.TemporaryDirectory(prefix="msptool-unit-", dir=_MEMORY) as folder:
        yield Path(folder)
