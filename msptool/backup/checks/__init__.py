"""What must hold of backup jobs and repositories; one file a check.

A check's needs say which runs can try it: "run" a backup, "test" and "proof" a test restore,
"snapshots" both.
"""

from msptool.backup.exhibit import Exhibit
from msptool.judge import Checks

CHECKS: Checks[Exhibit] = Checks("msptool.backup.checks")
