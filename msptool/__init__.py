"""msptool: audit a client's network, prove its backups, watch it, and lose no problem.

Data flows one way: probe, facts, things, checks, report, tickets. docs/decisions tells why.
"""

__version__ = "0.1.0"
