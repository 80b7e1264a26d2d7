"""UDP services: the question for each port, and what counts as an answer of its protocol. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A service, the datagram that makes it answer, and how an answer is told."""

    service: str
    datagram: bytes
    is_answer: Callable[[bytes], bool]


def _is_dns(data: bytes) -> bool:
    """The QR bit is set and the id is ours (RFC 1035, 4.1.1)."""
    return len(data) >= 12 and data[:2] == b"\x4d\x53" and bool(data[2] & 0x80)


def _is_ntp(data: bytes) -> bool:
    """48 bytes of mode 4, server (RFC 5905, 7.3)."""
    return len(data) >= 48 and data[0] & 7 == 4


def _is_nbns(data: bytes) -> bool:
    """A response of type NBSTAT, 0x21 (RFC 1002, 4.2.18)."""
    return len(data) > 56 and data[:2] == b"\x4d\x53" and data[46:48] == b"\x00\x21"


# `*` in NetBIOS's half-byte encoding, padded with zeros (RFC 1001, 14.1).
_ANY_NAME = b"\x20CK" + b"A" * 30 + b"\x00"

QUESTIONS: Mapping[int, Question] = {
    # The root's name servers, without recursion: the smallest question that any resolver answers.
    53: Question("domain", b"\x4d\x53" + bytes([0, 0, 0, 1] + [0] * 6) + b"\0\0\2\0\1", _is_dns),
    123: Question("ntp", b"\x1b" + bytes(47), _is_ntp),
    137: Question(
        "netbios-ns",
        b"\x4d\x53" + bytes([0, 0, 0, 1] + [0] * 6) + _ANY_NAME + b"\x00\x21\x00\x01",
        _is_nbns,
    ),
}
