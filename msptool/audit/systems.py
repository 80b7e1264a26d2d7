"""Which operating system a device runs: by its family, else by what sysDescr calls it. Pure."""

import re

from msptool.audit import mib
from msptool.audit.families import Family
from msptool.audit.mib import Rows

_NAMES = (
    "IOS XE", "IOS-XE", "IOS XR", "NX-OS", "Adaptive Security Appliance", "ArubaOS-CX", "ArubaOS",
    "RouterOS", "SwOS", "JUNOS", "Comware", "VRP", "EOS", "PAN-OS", "FortiOS", "SonicOS",
    "ScreenOS", "TiMOS", "DSM", "ESXi", "FreeBSD", "OpenBSD", "NetBSD", "AIX", "HP-UX", "SunOS",
    "Windows", "EdgeOS", "VyOS", "Cisco IOS", "IOS", "Linux",
)  # fmt: skip


def of(rows: Rows, family: Family | None) -> str:
    """Return the name of the system; "" where nothing tells."""
    if family is not None and family.os:
        return family.os
    text = mib.text(rows, mib.SYS_DESCR)
    return next((n for n in _NAMES if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)), "")
