"""Nagios Core, Naemon, Icinga 1: `NAGIOS_` macros in the environment of a notification command.

Source: nagios.org, "Standard Macros in Nagios" (`enable_environment_macros=1`).
"""

from msptool.tickets.intake import INTAKES, Intake
from msptool.tickets.intake.notice import LIMIT_BYTES, System

NAGIOS = System("nagios", "notification of Nagios", "NAGIOS_")
INTAKES.add("nagios")(Intake(NAGIOS.knows, NAGIOS.take, NAGIOS.called, LIMIT_BYTES))
