"""AJP: CPing, CPong (Tomcat's AJPv13 extensions)."""

from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, at_least, told


def parse(said: bytes) -> Mapping[str, str]:
    """A CPong, and nothing after it."""
    return told("ajp", product="Apache Tomcat") if said == b"AB\0\x01\x09" else {}


PROBE = Probe("ajp", parse, asking(Ask(b"\x12\x34\0\x01\x0a", at_least(5))))
