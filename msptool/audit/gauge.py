"""How far a stage is, in hosts, and how long it will still take."""

from msptool import clock
from msptool.terminal import Progress, age

# An estimate from less than this would be a guess.
_SOONEST_S, _LEAST = 5.0, 0.02
_TELL_EVERY_S = 0.2


class Gauge:
    """Counts the hosts of one stage; those of a run that goes on are done before it begins."""

    def __init__(self, progress: Progress, name: str, total: int, done: int = 0) -> None:
        """Begin to count at `done` of `total` hosts."""
        self._progress = progress
        self._name = name
        self._total = total
        self._before = done
        self._started_s = clock.monotonic_s()
        self._told_s = 0.0

    def at(self, done: float) -> None:
        """Tell how many are done; a fraction is of the group that a scanner is at."""
        now_s = clock.monotonic_s()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._progress.step(self._name, self.told(done, now_s - self._started_s))

    def told(self, done: float, spent_s: float) -> str:
        """Return the line's detail after some seconds of work."""
        text = f"{int(done)} of {self._total}"
        new, left = done - self._before, self._total - done
        if spent_s < _SOONEST_S or new < _LEAST * (new + left) or left <= 0:
            return text
        return f"{text}, about {age(spent_s * left / new)} left"
