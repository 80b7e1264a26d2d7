"""One machine with systemd for all tests of this folder."""

import os
from collections.abc import Iterator

import pytest

from tests.lab.machine import Machine, booted


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Boot systemd in namespaces; only root may own a tree of cgroups."""
    if os.geteuid() != 0:
        pytest.skip("needs root: a cgroup tree of its own")
    with booted() as running:
        yield running
