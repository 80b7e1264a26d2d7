"""Messages of SNMP v1 (RFC 1157) and v2c (RFC 1901): version, community, PDU. Pure."""

from collections.abc import Sequence

from msptool.audit.snmp import ber, pdu
from msptool.audit.snmp.ber import Malformed, Reader
from msptool.audit.snmp.pdu import Kind, Pdu

V1, V2C = 0, 1


def question(  # noqa: PLR0917 - the fields of a message
    version: int, community: bytes, kind: Kind, request_id: int, oids: Sequence[bytes], rows: int
) -> bytes:
    """Return a datagram that asks."""
    return ber.sequence(
        ber.integer(version), ber.octets(community), pdu.question(kind, request_id, oids, rows)
    )


def read(data: bytes, version: int, community: bytes) -> Pdu:
    """Read a response to this community; raise Malformed for what is none."""
    message = Reader(data).inside()
    if message.integer() != version or message.octets() != community:
        raise Malformed("another version or community")
    found = pdu.read(message)
    if found.tag != pdu.RESPONSE:
        raise Malformed("no response")
    return found
