"""Identity probes: for each protocol what to send, and what its answer says. Pure, a file a probe.

A probe logs in nowhere, changes nothing, and asks nothing that a device could take for work.
"""
