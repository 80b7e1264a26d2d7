"""Clients to look at; they are never changed."""

from pathlib import Path

import pytest

from tests.lab.cli import place
from tests.lab.cli.place import FOREIGN, HOSTILE, Place


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A client whose devices have names that would steer a terminal, a journal or a CI runner."""
    return place.make(tmp_path_factory.mktemp("hostile") / "acme", *HOSTILE)


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A client whose devices have names of other scripts."""
    return place.make(tmp_path_factory.mktemp("foreign") / "acme", *FOREIGN)


@pytest.fixture
def acme(tmp_path: Path) -> Place:
    """A client of one's own, to be changed at will."""
    tmp_path.chmod(0o700)
    return place.make(tmp_path / "acme", "sw-core")
