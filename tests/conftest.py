"""Nothing real in unit tests: a process or a socket fails the test, whoever catches what."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no failure; `derandomize` would hide what another seed finds.
settings.register_profile(
    "house", deadline=None, max_examples=100 if os.environ.get("MSPTOOL_FULL") else 40
)
settings.load_profile("house")

# A shell ignores ^C in what it starts with &, and children inherit that; tests send it to theirs.
signal.signal(signal.SIGINT, signal.default_int_handler)

_FORBIDDEN = frozenset(
    {
        "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn",
        "os.fork", "os.forkpty", "pty.spawn", "socket.connect", "socket.sendto", "socket.bind",
    }
)  # fmt: skip
_seen: list[str] = []
_watching = False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _watching and event in _FORBIDDEN:
        _seen.append(f"{event} {args!r}"[:200])


sys.addaudithook(_watch)
_UNIT = Path(__file__).parent / "unit"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that are marked `full` to `make test-full` (MSPTOOL_FULL)."""
    if os.environ.get("MSPTOOL_FULL"):
        return
    left = [item for item in items if item.get_closest_marker("full")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


@pytest.fixture(autouse=True)
def nothing_real(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a unit test that started a process or reached for the network."""
    global _watching  # noqa: PLW0603 - an audit hook cannot be removed, only told to look away
    if _UNIT not in Path(request.path).parents:
        yield
        return
    _seen.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert not _seen, f"a unit test did something real: {_seen[0]}"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what msptool remembers for a user inside the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("MSPTOOL_LANG", "en")
