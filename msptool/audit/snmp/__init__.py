"""SNMP v1, v2c and v3: engines, the walker above them, what is asked, and the audit's probe.

The worker imports from here, so nothing heavy is imported before it is needed.
"""

DEFAULT_COMMUNITIES = ("public", "private")
