"""What a probe is: which files it is for, what it may take, and how it looks at one in the cell."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from msptool.backup.probes.cell import Limits, Told
from msptool.registry import Register

HEAD_BYTES = 4096


@dataclass(frozen=True)
class Candidate:
    """A restored file as seen from outside: path in the written form, size, first HEAD_BYTES."""

    path: str
    size_bytes: int
    head: bytes

    @cached_property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of its name in small letters: (".tar", ".gz"); as pathlib has them, which
        takes ten times as long.
        """
        name = self.path.rpartition("/")[2]
        if name.endswith("."):
            return ()
        return tuple(f".{part}" for part in name.lstrip(".").lower().split(".")[1:])

    @property
    def suffix(self) -> str:
        """The last of them; "" without one."""
        return self.suffixes[-1] if self.suffixes else ""


@dataclass(frozen=True)
class Subject:
    """What a probe meets in the cell: the files shown, the first of which it is asked about."""

    paths: tuple[Path, ...]
    scratch: Path
    arguments: tuple[str, ...]
    limits: Limits

    @property
    def path(self) -> Path:
        """The file or folder it is asked about."""
        return self.paths[0]


@dataclass(frozen=True)
class Probe:
    """A meaning probe. `rank`: the lowest are tried and run first. `look` is called in the cell,
    where no more of our code can be imported; what it raises is no verdict on the file.
    `beside`: from a file's name those of its folder that it may need too.
    """

    rank: int
    fits: Callable[[Candidate], bool]
    look: Callable[[Subject], Told]
    limits: Callable[[int], Limits] = lambda _size_bytes: Limits()
    beside: Callable[[str], tuple[str, ...]] = lambda _name: ()
    largest_first: bool = False


PROBES: Register[Probe] = Register("msptool.backup.probes")
