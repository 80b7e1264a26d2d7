"""Signals that stop us, held back where an interruption would leave something behind."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Hold back Ctrl-C, SIGTERM and SIGHUP until the yielded function is called, or the end.

    One that came while a program is being started would leave it running, unknown to us. Only
    the main thread is ever interrupted, so others hold nothing.
    """
    came: list[int] = []
    ours = [(which, signal.getsignal(which)) for which in STOPPING]
    # Only Python's own handlers interrupt us; what is ignored stays so in the program, too.
    ours = [(which, handler) for which, handler in ours if callable(handler)]
    if threading.current_thread() is not threading.main_thread():
        ours = []

    def release() -> None:
        while ours:
            signal.signal(*ours.pop())
        while came:
            signal.raise_signal(came.pop())

    for which, _ in ours:
        signal.signal(which, lambda number, _frame: came.append(number))
    try:
        yield release
    finally:
        release()
