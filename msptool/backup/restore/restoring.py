"""Give a person back what was backed up: into a new folder, or where it belongs.

restic restores into a private folder on the same file system; what came back is held against the
sealed manifest there, and only what is whole is then renamed to its place. So nothing half ever
stands under a final name, no link in a client's folders is followed, and no original is lost.
"""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from msptool import clock, files
from msptool.backup import manifest, names
from msptool.backup.exhibit import Fault
from msptool.backup.jobs import Task
from msptool.backup.manifest import Entry
from msptool.backup.meter import Meter, size, watched
from msptool.backup.proof.compare import BAD, Comparison, compare
from msptool.backup.proof.sample import escaped
from msptool.backup.proof.weigh import of_content, weigh
from msptool.backup.repository import answers, locks, repositories, restic
from msptool.backup.repository.outcome import Outcome
from msptool.backup.restore import contents, putback
from msptool.backup.restore.putback import Keeper, Tally
from msptool.backup.restore.wanting import Wish
from msptool.backup.verdicts import sort_of
from msptool.backup.walk import look
from msptool.backup.walls import sandbox
from msptool.errors import DiskError, Place, UnsafeError, UsageError
from msptool.terminal import Progress

_BLOCK_BYTES = 4096
_TELLS_ITSELF = (0, 16)  # since then `restore` tells its progress
DAMAGED = ".damaged"


@dataclass(frozen=True)
class Part:
    """What is restored at one go, below one place."""

    place: Path
    roots: tuple[str, ...]
    paths: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Restored:
    """What one part came to."""

    faults: tuple[Fault, ...]
    compared: Comparison


def into(wanted: Wish, target: Path, progress: Progress, tally: Tally) -> tuple[Restored, ...]:
    """Restore into a new or empty folder, each name under its whole path."""
    refuse_full(target)
    files.make_folder(target)
    part = Part(target, wanted.listed.roots, wanted.paths, wanted.entries)
    _refuse_no_room(target, part)
    with sandbox.claimed(target) as staging:
        tree = files.make_folder(staging / "tree")
        restored = _restored(wanted, part, tree, progress)
        _set_aside(tree, restored.compared, suffix=DAMAGED)
        with putback.opened(_root(tree), b"") as staged, putback.opened(_root(target), b"") as real:
            keeper = Keeper(real, target, _kept_name(), tally)
            putback.put(staged, real, b"", keeper)
    return (restored,)


def refuse_full(target: Path) -> None:
    """Raise UsageError where a restore would land among other files."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise UsageError("restore.not-empty", f"{target} is no folder", hint="name a new folder")
    if not target.is_dir():
        return
    sandbox.sweep(target)
    if any(target.iterdir()):
        raise UsageError(
            "restore.not-empty",
            f"{target} is not empty; nothing was written",
            hint="name a new or an empty folder",
        )


def in_place(wanted: Wish, progress: Progress, tally: Tally) -> tuple[Restored, ...]:
    """Restore where it was; what is replaced is kept beside (`tally.kept`), what is there as it
    should be is left alone.
    """
    if not wanted.task.job.paths:
        raise UsageError(
            "restore.in-place",
            f"{wanted.task.name} is a database or the output of a program: it has no place",
            hint="restore it with --to DIR; what to type next is said then",
        )
    parts = _parts(wanted)
    for part in parts:
        _refuse_no_room(part.place, part)
    return tuple(_put_part(wanted, part, progress, tally) for part in parts)


def _put_part(wanted: Wish, part: Part, progress: Progress, tally: Tally) -> Restored:
    with sandbox.claimed(part.place) as staging:
        tree = files.make_folder(staging / "tree")
        restored = _restored(wanted, part, tree, progress)
        _set_aside(tree, restored.compared)
        place = _root(part.place)
        try:
            keeper = Keeper(place, part.place, _kept_name(), tally)
            for root in part.roots:
                _put_root(names.read(root), tree, keeper)
        finally:
            os.close(place)
    return restored


def _put_root(root: str, tree: Path, keeper: Keeper) -> None:
    """Move what was restored of one path of the job, from its nearest folder that stands."""
    anchor = names.raw(str(next(at for at in Path(root).parents if at.is_dir())))
    start = _root(tree)
    real = os.open(anchor, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with putback.opened(start, anchor) as staged:
            putback.put(staged, real, anchor.rstrip(b"/"), keeper)
    except FileNotFoundError:  # nothing of it came back
        return
    finally:
        os.close(real)
        os.close(start)


def _root(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _kept_name() -> str:
    return f"msptool-replaced-{clock.iso(clock.now()).replace(':', '').replace('-', '')}"


def _parts(wanted: Wish) -> tuple[Part, ...]:
    """Return what is restored where: each path of the job on its own file system."""
    roots: dict[Path, list[str]] = {}
    for root in wanted.listed.roots:
        if contents.below(wanted.entries, [root]):
            roots.setdefault(_place(Path(names.read(root))), []).append(root)
    parts = []
    for place, mine in roots.items():
        entries = contents.below(wanted.entries, mine)
        paths = tuple(dict.fromkeys(path for root in mine for path in _within(root, wanted.paths)))
        parts.append(Part(place, tuple(mine), paths, entries))
    return tuple(parts)


def _within(root: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths that are wanted below a root; the root itself if all of it is."""
    inner = tuple(path for path in paths if f"{path}/".startswith(f"{root}/"))
    above = not paths or any(f"{root}/".startswith(f"{path.rstrip('/')}/") for path in paths)
    return (root,) if above else inner


def _place(root: Path) -> Path:
    """Return the nearest folder on a path's file system in which nobody else can swap what is
    ours; raise UnsafeError where there is none.
    """
    standing = next(at for at in (root, *root.parents) if at.is_dir() and not at.is_symlink())
    device = standing.stat().st_dev
    outside = [at for at in standing.parents if at.stat().st_dev == device]
    near = [*outside, standing] if standing == root else [standing, *outside]
    refused: UnsafeError | None = None
    for at in near:
        try:
            files.refuse_foreign(at)
        except UnsafeError as error:
            refused = refused or error
        else:
            return at
    raise UnsafeError(
        "restore.unsafe",
        f"others can write in {standing}, all the way up",
        place=Place(str(standing)),
        hint="restore with --to DIR, then move what you need",
    ) from refused


def _refuse_no_room(place: Path, part: Part) -> None:
    wanted_bytes = manifest.files_and_bytes(part.entries)[1] + len(part.entries) * _BLOCK_BYTES
    lacking = sandbox.lacks_bytes(place, wanted_bytes)
    inodes = sandbox.lacks_names(place, len(part.entries))
    if lacking or inodes:
        missing = size(lacking) if lacking else f"{inodes} inodes"
        raise DiskError(
            "disk.full",
            f"too little room for the restore, {missing} missing; nothing was written",
            place=Place(str(place)),
            hint="restore to another disk with --to, or less of it with --path",
        )


def _restored(wanted: Wish, part: Part, tree: Path, progress: Progress) -> Restored:
    """Restore a part below a private folder and hold it against what it should be."""
    task, snapshot = wanted.task, wanted.listed.snapshot
    total_bytes = manifest.files_and_bytes(part.entries)[1]
    meter = Meter(progress, f"restore {task.name}", total_bytes)
    meter.at(0, total_bytes)  # the first word of restic comes after a second

    def on_line(line: bytes) -> None:
        status = answers.parse_status(line)
        if status is not None:
            meter.at(status.bytes_restored, status.total_bytes)

    chosen = () if "/" in part.paths else part.paths
    includes = [escaped(names.read(path)) for path in chosen]
    said = restic.restore_argv(task.access, snapshot.id, tree, includes)
    limit_s = task.job.timeout_h * 3600
    with nullcontext() if _tells_itself(task) else watched(meter, total_bytes):
        done, outcome = locks.unlocking(task.access, said, timeout_s=limit_s, on_line=on_line)
    complaints = answers.parse_problems(done.stderr)
    checking = Meter(progress, f"compare {task.name}", total_bytes)
    roots = tuple(map(names.read, part.roots))
    compared = compare(part.entries, tree, roots, of_content(complaints), checking.add)
    faults = weigh(outcome, complaints, compared, timed_out=done.timed_out)
    for fault in faults:
        if sort_of(fault.verdict) == "blind":
            repository = wanted.loaded.profile.backup.repositories[task.job.repository]
            told = Outcome(fault.verdict, fault.detail)
            raise repositories.failure(task.job.repository, repository, told)
    return Restored(faults, compared)


def _tells_itself(task: Task) -> bool:
    return tuple(map(int, task.access.tool.version.split(".")[:2])) >= _TELLS_ITSELF


def _set_aside(tree: Path, compared: Comparison, *, suffix: str = "") -> None:
    """Take what is not as it was sealed from under its name: away, or beside with a suffix."""
    for difference in compared.of(*BAD):
        at = names.raw(f"{tree}{names.read(difference.path)}")
        seen = look(at)
        if seen is None or seen.kind == "folder":
            continue
        if suffix:
            os.rename(at, at + suffix.encode())  # noqa: PTH104 - bytes
        else:
            os.unlink(at)  # noqa: PTH108 - bytes
