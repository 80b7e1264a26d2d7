"""SIP OPTIONS: what a PBX or a phone is; it rings nowhere. Source: RFC 3261, 11."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, Question, asking, ended, lines, text, told

_CALL = "msptool-4d53"
_HEADERS = {
    "server": "product",
    "user-agent": "agent",
    "allow": "allow",
    "organization": "organisation",
}


def question(transport: str) -> bytes:
    """Return OPTIONS to nobody in particular."""
    head = (
        "OPTIONS sip:audit@example.invalid SIP/2.0",
        f"Via: SIP/2.0/{transport} example.invalid;branch=z9hG4bK4d53;rport",
        "Max-Forwards: 0",
        "From: <sip:audit@example.invalid>;tag=4d53",
        "To: <sip:audit@example.invalid>",
        f"Call-ID: {_CALL}",
        "CSeq: 1 OPTIONS",
        "Accept: application/sdp",
        "Content-Length: 0",
    )
    return "\r\n".join([*head, "", ""]).encode()


def parse(said: bytes) -> Mapping[str, str]:
    """Return the status and the makers' headers of an answer to our call."""
    status = re.match(rb"SIP/2\.0 (\d{3})[^\r\n]{0,200}\r\n", said)
    if status is None or not re.search(
        rb"^(?:call-id|i):[ \t]*msptool-4d53[ \t]*\r\n", said, re.I | re.M
    ):
        return {}
    values = {}
    for line in lines(said)[1:60]:
        name, _, value = line.partition(b":")
        kept = _HEADERS.get(text(name).lower())
        if kept:
            values[kept] = value
    return told("sip", status=status[1], **values)


PROBE = Probe("sip", parse, asking(Ask(question("TCP"), ended(b"\r\n\r\n"))))
UDP = Question("sip", question("UDP"), parse)
