"""The filter that the kernel applies before a frame reaches us, as classic BPF.

Instructions as in linux/bpf_common.h; what they mean: Documentation/networking/filter.rst. Jumps
are written with labels and go forward only.
"""

import ctypes
import socket
import struct
from typing import TypeAlias

Step: TypeAlias = tuple[int, int, str, str]
_LDB, _LDH, _LDW = 0x30, 0x28, 0x20  # A = packet[k]
_LDBX, _LDHX, _LDWX = 0x50, 0x48, 0x40  # A = packet[X + k]
_IHL = 0xB1  # X = 4 * (packet[k] & 15)
_JEQ, _JGT, _JSET, _RET = 0x15, 0x25, 0x45, 0x06
_PKTTYPE = 0xFFFFF000 + 4  # SKF_AD_OFF + SKF_AD_PKTTYPE
_OUTGOING = 4
_SO_ATTACH_FILTER = 26
SNAP_BYTES = 2049

PROGRAM: tuple[tuple[str, tuple[Step, ...]], ...] = (
    ("start", (
        (_LDB, _PKTTYPE, "", ""), (_JEQ, _OUTGOING, "no", ""),
        (_LDB, 0, "", ""), (_JSET, 1, "", "no"),
        (_LDH, 12, "", ""), (_JGT, 1500, "", "llc"),
        (_JEQ, 0x88CC, "yes", ""), (_JEQ, 0x0806, "yes", ""),
        (_JEQ, 0x0800, "v4", ""), (_JEQ, 0x86DD, "v6", "no"),
    )),
    ("llc", (
        (_LDH, 14, "", ""), (_JEQ, 0x4242, "yes", ""), (_JEQ, 0xAAAA, "", "no"),
        (_LDW, 16, "", ""), (_JEQ, 0x0300000C, "", "no"),
        (_LDH, 20, "", ""), (_JEQ, 0x2000, "yes", ""), (_JEQ, 0x010B, "yes", "no"),
    )),
    ("v4", (
        (_LDB, 23, "", ""), (_JEQ, 17, "", "no"),
        (_LDH, 20, "", ""), (_JSET, 0x3FFF, "no", ""),
        (_IHL, 14, "", ""), (_LDHX, 16, "", ""),
        (_JEQ, 67, "yes", ""), (_JEQ, 68, "yes", ""), (_JEQ, 5678, "yes", ""),
        (_JEQ, 1900, "v4ssdp", ""), (_JEQ, 5353, "", "no"),
        (_LDBX, 24, "", ""), (_JSET, 0x80, "yes", "no"),
    )),
    ("v4ssdp", ((_LDWX, 22, "", ""), (_JEQ, 0x4E4F5449, "yes", "no"))),
    ("v6", (
        (_LDB, 20, "", ""), (_JEQ, 58, "icmp", ""), (_JEQ, 17, "", "no"),
        (_LDH, 56, "", ""), (_JEQ, 1900, "v6ssdp", ""), (_JEQ, 5353, "", "no"),
        (_LDB, 64, "", ""), (_JSET, 0x80, "yes", "no"),
    )),
    ("v6ssdp", ((_LDW, 62, "", ""), (_JEQ, 0x4E4F5449, "yes", "no"))),
    ("icmp", (
        (_LDB, 54, "", ""), (_JEQ, 134, "yes", ""), (_JEQ, 135, "yes", ""),
        (_JEQ, 136, "yes", "no"),
    )),
    ("no", ((_RET, 0, "", ""),)),
    ("yes", ((_RET, SNAP_BYTES, "", ""),)),
)  # fmt: skip


def assembled() -> list[tuple[int, int, int, int]]:
    """Return the program as (code, jump if true, jump if false, k)."""
    starts, count = {}, 0
    for label, steps in PROGRAM:
        starts[label] = count
        count += len(steps)
    flat = [step for _, steps in PROGRAM for step in steps]
    return [
        (code, _jump(starts, yes, at), _jump(starts, no, at), k)
        for at, (code, k, yes, no) in enumerate(flat)
    ]


def _jump(starts: dict[str, int], label: str, at: int) -> int:
    return starts[label] - at - 1 if label else 0


def attach(ear: socket.socket) -> None:
    """Set the filter of a socket; raise OSError where the kernel refuses it."""
    code = b"".join(struct.pack("HBBI", *step) for step in assembled())
    kept = ctypes.create_string_buffer(code)
    listed = struct.pack("HL", len(code) // 8, ctypes.addressof(kept))
    ear.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, listed)
