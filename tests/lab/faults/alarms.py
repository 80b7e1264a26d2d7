"""Ordinary edits, each between two backups: which of them raised an alarm."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.lab.faults import edits
from tests.lab.faults.stage import Said, Stage


@dataclass(frozen=True)
class Edited:
    """One edit: how a proof of the backup before it ended, and the backup after it."""

    name: str
    verified: Said
    ran: Said

    @property
    def alarm(self) -> str:
        """What was said of a source that is well; "" if nothing was."""
        return "".join(end.text for end in (self.verified, self.ran) if end.code)


def after(sound: Stage, count: int) -> Iterator[Edited]:
    """Edit, verify, back up, and so on; the last backup is verified too."""
    sound.fresh()
    dice = random.Random(f"{sound.seed} edits")
    for edit in edits.drawn(dice, count):
        edit(sound.site.source, dice)
        yield Edited(edit.__name__, sound.msptool("verify"), sound.msptool("run"))
    yield Edited("the last backup", sound.msptool("verify"), Said(0, ""))
