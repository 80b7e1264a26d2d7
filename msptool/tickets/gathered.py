"""What one client's desk or several answered."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from msptool.errors import MsptoolError

T = TypeVar("T")


@dataclass
class Gathered(Generic[T]):
    """What each client answered, and by folder what went wrong, wholly or in part."""

    answers: list[T] = field(default_factory=list)
    failed: list[tuple[str, MsptoolError]] = field(default_factory=list)
