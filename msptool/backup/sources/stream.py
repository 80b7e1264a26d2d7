"""A program's output, streamed into restic: hashed on the way, and never a part for the whole."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msptool import clock, process
from msptool.backup import names, words
from msptool.backup.manifest import Counts, Entry
from msptool.backup.repository import locks, restic, started
from msptool.backup.repository.outcome import Outcome, hopeless
from msptool.backup.repository.restic import Access
from msptool.backup.sources.feed import Feed, Taken
from msptool.process import Word, pipe
from msptool.process.pipe import Piped

_KEPT_BYTES = 64 * 1024  # of what the program complained of, its end


def take(
    feed: Feed,
    producer: Sequence[Word],
    *,
    env: Mapping[str, Word] | None = None,
    cwd: Path | None = None,
    counts: Counts | None = None,
) -> Taken:
    """Let restic save what a program prints, under the job's one path."""
    path = feed.sources.present[0]
    walked_at = clock.now()
    access = feed.task.access
    piped, outcome = _unlocking(access, lambda: _piped(feed, producer, path, env, cwd))
    entry = Entry(
        path=names.written(path), kind="file", size_bytes=piped.size_bytes, sha256=piped.sha256
    )
    said = process.redact(piped.producer.stderr[-_KEPT_BYTES:], access.secrets)
    return Taken(
        outcome, walked_at, piped.consumer, (entry,), counts or {},
        said=((f"what {producer[0]} said", said),) if said else (),
    )  # fmt: skip


def _unlocking(access: Access, begin: Callable[[], tuple[Piped, Outcome]]) -> tuple[Piped, Outcome]:
    """As locks.unlocking: remove what is ours and dead, and begin once more."""
    piped, outcome = begin()
    if outcome.verdict == "locked":
        cleared = locks.clear(access)
        if cleared.removed:
            piped, outcome = begin()
        if outcome.verdict == "locked" and cleared.left:
            outcome = Outcome("locked", cleared.left[0].told())
    return piped, outcome


def _piped(
    feed: Feed,
    producer: Sequence[Word],
    path: str,
    env: Mapping[str, Word] | None,
    cwd: Path | None,
) -> tuple[Piped, Outcome]:
    access = feed.task.access
    with started.recorded(access.book, started.digest(access.place)) as record:
        piped = pipe.run(
            feed.gently(list(producer)),
            feed.gently(restic.stdin_argv(access, path, feed.tags, *feed.limits)),
            timeout_s=feed.left_s,
            producer_env=env,
            consumer_env=restic.ENV,
            cwd=cwd,
            on_bytes=feed.meter().add,
            on_start=record.started,
            give_up=hopeless,
        )
        record.ended(piped.consumer)
    return piped, judged(access, piped, Path(str(producer[0])).name)


def judged(access: Access, piped: Piped, program: str) -> Outcome:
    """Return how a stream ended, by who was first to fail: the source's fault is not restic's."""
    if piped.broke == "producer" and piped.producer.ok:  # a snapshot of nothing: 0.14 refuses one
        return Outcome("incomplete-source", words.PRINTED_NOTHING)
    if piped.broke == "producer":
        return Outcome("incomplete-source", words.ended(program, piped.producer))
    if piped.broke == "consumer" and piped.consumer.returncode == 0:
        return Outcome("could-not-run", words.NO_END)
    return restic.ended(access, piped.consumer)
