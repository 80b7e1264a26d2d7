"""Two stages at once: work aside ends with whoever waits for it, and its faults are told."""

import threading

import pytest

from msptool import process
from msptool.audit.together import Aside


def test_what_fails_aside_is_raised_where_it_is_waited_for() -> None:
    def fail(_started: object) -> None:
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

    def work(started: object) -> None:
        assert callable(started)
        started(4711)
        begun.set()
        stopped.wait(10)

    with pytest.raises(KeyboardInterrupt), Aside(work) as aside:
        begun.wait(10)
        assert aside.goes_on
        raise KeyboardInterrupt
    assert told == [4711] and not aside.goes_on
