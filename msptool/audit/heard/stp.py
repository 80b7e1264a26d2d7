"""Spanning tree: which bridge is the root, and which one is on our cable. Pure; untrusted.

Source: IEEE 802.1D-2004, clause 9.3 (configuration and RST BPDUs) and 9.2.5 (bridge identifier:
priority, system id extension, MAC); 802.1Q-2018, clause 14 (MST BPDU: version 3). Values stand in
1/256 s.
"""

from msptool.audit import macs

_VERSIONS = {0: "stp", 2: "rstp", 3: "mstp"}


def read(data: bytes) -> dict[str, str]:
    """Return root, bridge and timers; {} for what is no configuration (0) or RST (2) BPDU."""
    if len(data) < 35 or data[:2] != b"\0\0" or data[3] not in (0, 2) or data[2] not in _VERSIONS:
        return {}
    root, bridge = macs.of(data[7:13]), macs.of(data[19:25])
    if not root or not bridge:
        return {}
    return {
        "version": _VERSIONS[data[2]],
        "root": root,
        "root-priority": str(int.from_bytes(data[5:7]) & 0xF000),
        "cost": str(int.from_bytes(data[13:17])),
        "bridge": bridge,
        "bridge-priority": str(int.from_bytes(data[17:19]) & 0xF000),
        "vlan": str(int.from_bytes(data[17:19]) & 0x0FFF),
        "port": str(int.from_bytes(data[25:27]) & 0x0FFF),
        "hello_s": f"{int.from_bytes(data[31:33]) / 256:g}",
        "topology-change": "yes" if data[4] & 1 else "no",
    }
