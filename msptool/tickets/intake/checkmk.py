"""Checkmk: `NOTIFY_` variables in the environment of a notification script.

Source: docs.checkmk.com, "Notifications", the chapter on scripts of one's own.
"""

from msptool.tickets.intake import INTAKES, Intake
from msptool.tickets.intake.notice import LIMIT_BYTES, System

CHECKMK = System("checkmk", "notification of Checkmk", "NOTIFY_")
INTAKES.add("checkmk")(Intake(CHECKMK.knows, CHECKMK.take, CHECKMK.called, LIMIT_BYTES))
