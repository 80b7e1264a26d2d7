"""Sites to back up and to harm: a sound one is made once and copied for each fault."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.backup import site as sites
from tests.lab.backup.daily import is_daily
from tests.lab.backup.site import Site

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` has no time for."""
    for item in items:
        name = item.name.partition("[")[0]
        if item.path.parent == HERE and not is_daily(item.path.stem, name):
            item.add_marker("full")


@pytest.fixture(scope="session", autouse=True)
def needs_restic() -> None:
    if shutil.which("restic") is None:
        pytest.fail("restic is missing; remedy: apt install restic")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that was never backed up."""
    return sites.make(tmp_path)


@pytest.fixture(scope="session")
def _sound(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = sites.make(tmp_path_factory.mktemp("sound"))
    for words in (("init",), ("run",)):
        done = made.cli(*words)
        assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def sound(_sound: Site, tmp_path: Path) -> Iterator[Site]:
    """A site with one sound backup, to harm at will; only its source is shared: leave it be."""
    yield sites.copy(_sound, tmp_path)
