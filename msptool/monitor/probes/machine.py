"""Load and memory, by psutil. Both are reads of /proc that cannot hang."""

from msptool.monitor.probes import Unseen
from msptool.monitor.seen import Load, Memory


def load() -> Load | Unseen:
    """Return the load of the last 15 minutes."""
    import psutil

    try:
        average = psutil.getloadavg()[2]
    except OSError:
        return Unseen("probe-failed")
    return Load(average=average, cpus=psutil.cpu_count() or 1)


def memory() -> Memory | Unseen:
    """Return how much memory there is and how much of it programs can get."""
    import psutil

    try:
        told = psutil.virtual_memory()
    except (OSError, RuntimeError):  # psutil: no MemTotal in /proc/meminfo
        return Unseen("probe-failed")
    if told.total <= 0:
        return Unseen("no-data")
    return Memory(total_bytes=told.total, available_bytes=told.available)
