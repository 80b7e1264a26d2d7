"""Two stages at once: work aside ends with whoever waits for it, and its faults are told."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from msptool import gate, process
from msptool.audit import services
from msptool.audit.mission import Watch
from msptool.audit.together import Aside
from msptool.profile.shape import Scope
from tests.unit.audit.build import NOW, logbook, mission


def test_what_fails_aside_is_raised_where_it_is_waited_for() -> None:
    def fail(_watch: Watch) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"), Aside(fail):
        pass


def test_who_is_stopped_stops_the_programs_of_the_work_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped, told = threading.Event(), []

    def stop(group: int) -> None:
        told.append(group)
        stopped.set()

    monkeypatch.setattr(process, "stop_group", stop)
    begun = threading.Event()

    def work(watch: Watch) -> None:
        watch.started(4711)
        begun.set()
        stopped.wait(10)

    with pytest.raises(KeyboardInterrupt), Aside(work) as aside:
        begun.wait(10)
        assert aside.goes_on
        raise KeyboardInterrupt
    assert told == [4711] and not aside.goes_on


def test_a_worker_that_we_stopped_has_not_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two lots of hosts the first is asked when Ctrl-C comes: all of them are asked again."""
    begun, stopped = threading.Event(), threading.Event()
    starts: list[int] = []

    def scan(*_: object, on_start: Callable[[int], None], **__: object) -> process.Done:
        starts.append(1)
        on_start(4711)
        begun.set()
        stopped.wait(10)
        return process.Done((), -15, b"", b"", 0.1)

    monkeypatch.setattr(gate, "scan", scan)
    monkeypatch.setattr(process, "stop_group", lambda _group: stopped.set())
    monkeypatch.setattr(services, "TOGETHER", 1)
    book = logbook(tmp_path)
    scope = Scope(networks=("192.0.2.0/24",), authorised_by="A", expires=NOW.date())
    sent = mission(book, scope, NOW.date())
    ports = {"192.0.2.7": [80], "192.0.2.8": [80]}
    with pytest.raises(KeyboardInterrupt), book.stage("services") as journal:
        grab = partial(services.grab, sent, journal, ports, spare=())
        with Aside(lambda watch: grab(watch=watch)):
            begun.wait(10)
            raise KeyboardInterrupt
    assert len(starts) == 1
    with book.stage("services") as journal:
        assert journal.done == {} and not journal.ended
