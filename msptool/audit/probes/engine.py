"""SNMPv3's engine id, which every agent of version 3 tells without any credential (RFC 3414, 4)."""

from collections.abc import Mapping

from msptool.audit.probes.probe import Question
from msptool.audit.snmp import engine_id


def parse(said: bytes) -> Mapping[str, str]:
    """Return what a report says of its engine, by the names of `snmp.engine_id`."""
    told = engine_id.parse(said)
    return {"protocol": "snmp", **told} if told else {}


UDP = Question("engine-id", engine_id.QUESTION, parse)
