"""The programs of a profile around a job: before it, after it went well, after it failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from msptool import process
from msptool.process import Done
from msptool.profile import commands
from msptool.profile.shape import Hooks
from msptool.workspace import Workspace

Stage: TypeAlias = Literal["before", "after", "failed"]
_LIMIT_BYTES = 16 << 20
_KEPT_BYTES = 64 * 1024


@dataclass(frozen=True)
class Hooked:
    """What the hooks of a stage came to: a sentence on the first that failed ("" if none did),
    and the end of what each said.
    """

    detail: str = ""
    said: tuple[tuple[str, bytes], ...] = ()


def run(workspace: Workspace, hooks: Hooks, stage: Stage, secrets: Sequence[str]) -> Hooked:
    """Run the hooks of a stage in their order, up to the first that fails.

    Raise what `commands.runnable` raises, before any is run.
    """
    chosen: tuple[tuple[str, ...], ...] = getattr(hooks, stage)
    said = []
    for argv in [commands.runnable(workspace, argv) for argv in chosen]:
        done = process.run(
            argv, timeout_s=hooks.timeout_s, cwd=workspace.root, limit_bytes=_LIMIT_BYTES
        )
        name = Path(argv[0]).name
        kept = process.redact(done.stdout[-_KEPT_BYTES:] + done.stderr[-_KEPT_BYTES:], secrets)
        if kept:
            said.append((f"what the {stage} hook {name} said", kept))
        if not done.ok:
            return Hooked(_failure(stage, name, done, hooks.timeout_s, secrets), tuple(said))
    return Hooked(said=tuple(said))


def _failure(stage: Stage, name: str, done: Done, limit_s: float, secrets: Sequence[str]) -> str:
    if done.timed_out:
        return f"the {stage} hook {name} did not end in {limit_s:.0f} s"
    last = process.redact(done.complaint().encode(), secrets).decode() if done.stderr else ""
    said = f": {last}" if last else ""
    return f"the {stage} hook {name} ended with code {done.returncode}{said}"
