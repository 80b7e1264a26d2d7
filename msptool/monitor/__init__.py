"""The health of the machine msptool runs on: probes give facts, checks judge them.

`run` is what a pass is; `probes/` look (each with a deadline), `checks/` decide, `proofs` finds the
last proven restore of each backup job, `nagios` words the newest runs for a monitoring server.
"""
