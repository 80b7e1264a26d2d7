"""What one pass saw. A check gets a `Seen` about one thing; what is not about it is None."""

from dataclasses import dataclass, field
from datetime import datetime

from msptool.profile.shape import Monitor


@dataclass(frozen=True)
class Load:
    """The load average of the last 15 minutes (waiting and running tasks) and the CPUs."""

    average: float
    cpus: int

    @property
    def per_cpu(self) -> float:
        """Load for each CPU; above 1 tasks wait."""
        return self.average / self.cpus


@dataclass(frozen=True)
class Memory:
    """Memory that programs cannot get without swapping: total less available."""

    total_bytes: int
    available_bytes: int

    @property
    def used_percent(self) -> float:
        """Used share of all memory."""
        return 100.0 * (self.total_bytes - self.available_bytes) / self.total_bytes


@dataclass(frozen=True)
class Volume:
    """A local file system as its users see it: what only root may fill counts as used up.

    statvfs(3): used is blocks - bfree, whole is used + bavail. `inodes` are 0 where the file system
    does not count them (btrfs, vfat).
    """

    mount: str
    device: str
    used_bytes: int
    free_bytes: int
    used_inodes: int = 0
    free_inodes: int = 0

    @property
    def used_percent(self) -> float:
        """Used share of what users may fill, as df shows it."""
        return _share(self.used_bytes, self.free_bytes)

    @property
    def inodes_percent(self) -> float:
        """Used share of inodes; 0 where they are not counted."""
        return _share(self.used_inodes, self.free_inodes)


def _share(used: int, free: int) -> float:
    return 100.0 * used / (used + free) if used + free else 0.0


@dataclass(frozen=True)
class Service:
    """A unit of the profile as systemd knows it (LoadState, ActiveState, SubState)."""

    unit: str
    loaded: str
    active: str
    sub: str


@dataclass(frozen=True)
class Proof:
    """When a backup job was last proven by a restore; `proven_at` None: never."""

    job: str
    proven_at: datetime | None


@dataclass(frozen=True)
class Seen:
    """Facts about one thing, the limits of the profile and the time of the pass."""

    now: datetime
    limits: Monitor
    proof_days: float
    load: Load | None = None
    memory: Memory | None = None
    services: tuple[Service, ...] | None = None
    volume: Volume | None = None
    proof: Proof | None = None
    evidence: tuple[str, ...] = field(default=())
