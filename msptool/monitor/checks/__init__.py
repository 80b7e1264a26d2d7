"""The checks of a monitor pass: one file each, found by the register."""

from msptool.judge import Checks
from msptool.monitor.seen import Seen

CHECKS: Checks[Seen] = Checks("msptool.monitor.checks")
