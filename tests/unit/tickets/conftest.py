from pathlib import Path

import pytest

from tests.unit.tickets.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    root = tmp_path / "acme"
    root.mkdir(mode=0o700)
    return Site(root)
