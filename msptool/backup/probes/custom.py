"""The job's own probes: a program of the profile, which passes a file with exit code 0."""

from msptool import process
from msptool.backup import words
from msptool.backup.probes.cell import Limits, Told
from msptool.backup.probes.kinds import PROBES, Probe, Subject
from msptool.errors import ToolMissing

NAME = "custom"
_OVER_S = 5.0


def look(subject: Subject) -> Told:
    """Run the program on a file, whose path is appended to its words."""
    program, *arguments = subject.arguments
    try:
        found = program if "/" in program else process.find(program)
        done = process.run(
            [found, *arguments, str(subject.path)],
            timeout_s=subject.limits.wall_s - _OVER_S,
            cwd=subject.scratch,
        )
    except ToolMissing as missing:
        return Told("could-not-run", words.CUSTOM_MISSING, missing.message)
    if done.timed_out:
        return Told("could-not-run", words.NO_TIME)
    if done.cut:
        return Told("could-not-run", words.TOO_MUCH)
    if not done.ok:
        return Told("bad-content", words.CUSTOM_FAILED, done.complaint())
    return Told("ok")


def limits(timeout_s: float) -> Limits:
    """Return the limits of a custom probe that may take so long."""
    return Limits(
        wall_s=timeout_s + _OVER_S,
        cpu_s=int(timeout_s + _OVER_S),
        memory_bytes=2 << 30,
        scratch_bytes=1 << 30,
        processes=64,
        on_disk=True,
    )


PROBES.add(NAME)(Probe(0, lambda _candidate: False, look, largest_first=True))
