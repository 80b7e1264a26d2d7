"""A whole nmap document as one value: the product reads it host by host, as it comes."""

from dataclasses import dataclass

from msptool.audit.nmap_xml import HostSeen, Stream


@dataclass(frozen=True)
class Scan:
    """A scan's hosts. `complete` is False where the XML ends before the scan did."""

    hosts: tuple[HostSeen, ...]
    complete: bool


def parse(xml: bytes) -> Scan:
    """Turn a whole nmap document into hosts, as Stream reads it."""
    stream = Stream()
    hosts = tuple(stream.feed(xml))
    stream.close()
    return Scan(hosts, complete=stream.complete)
