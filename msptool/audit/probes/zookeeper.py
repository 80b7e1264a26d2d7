"""ZooKeeper's four-letter word `srvr`: version and mode, where it is allowed (its admin guide)."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, told


def parse(said: bytes) -> Mapping[str, str]:
    """Return version and mode; a refusal of the word names it as well."""
    if b"srvr is not executed because it is not in the whitelist" in said[:200]:
        return told("zookeeper", product="ZooKeeper")
    version = re.match(rb"Zookeeper version: (\d[\w.-]{0,40})[^\n]{0,200}\n", said)
    mode = re.search(rb"^Mode: (\w{1,20})\n", said, re.MULTILINE)
    if version is None:
        return {}
    return told("zookeeper", product="ZooKeeper", version=version[1], mode=mode[1] if mode else "")


PROBE = Probe("zookeeper", parse, asking(Ask(b"srvr")))
