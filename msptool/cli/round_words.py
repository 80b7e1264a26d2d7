"""What `msptool run` says: a line a step as it ends, then what to do next."""

import json
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msptool import clock, terminal
from msptool.cli import base, boundary, speech
from msptool.cli.round import Done
from msptool.cli.speech import _
from msptool.escape import visible
from msptool.model import SEVERITIES


def tell(step: Done, *, quiet: bool) -> None:
    """Say on stderr that a step ended; a failed one also when quiet."""
    if step.error is None:
        base.tell(_line("ok", step, step.told.line), quiet=quiet)
        return
    word = terminal.paint(_("FAILED"), "high", sys.stderr)
    base.tell(_line(word, step, step.told.line), quiet=quiet)
    base.tell(boundary.headline(step.error, step.name))
    base.tell(boundary.hint(step.error))


def _line(word: str, step: Done, said: str) -> str:
    told, spent = visible(speech.told("round", said)), terminal.clock_face(step.seconds)
    return f"{word:<6}  {step.name:<8} {told}  {spent}"


def summary(steps: Sequence[Done], client: str, root: Path) -> str:
    """Return the whole in a few lines, with the report's place and the next command."""
    counts = Counter(f.severity for step in steps for f in step.told.findings)
    told = ", ".join(f"{counts[s]} {s}" for s in SEVERITIES if counts[s]) or _("none")
    failed = [step.name for step in steps if step.error is not None]
    report = next((s.told.line for s in steps if s.name == "report" and s.error is None), "")
    lines = [
        _("{0}: findings {1}", client, told),
        _("failed: {0}", ", ".join(failed)) if failed else "",
        _("report: {0}", visible(report)) if report else "",
        _("Next: {0}", f"msptool -C {shlex.quote(str(root))} tickets list"),
    ]
    return "\n".join(line for line in lines if line)


def as_json(steps: Sequence[Done], client: str) -> str:
    """Return a line of JSON a step, then `end`."""
    lines = [
        {
            "type": "step",
            "client": client,
            "step": step.name,
            "run": step.told.run,
            "said": step.told.line,
            "findings": len(step.told.findings),
            "error": step.error.code if step.error else "",
            "exit": step.error.exit if step.error else 0,
            "seconds": round(step.seconds, 1),
        }
        for step in steps
    ]
    end = {"type": "end", "ended_at": clock.iso(clock.now()), "complete": True}
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in (*lines, end))
