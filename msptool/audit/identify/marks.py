"""What may name a machine, and what only looks so: MACs, UUIDs, engine ids, host keys. Pure.

Everything here comes from the network: each value is checked for its form and its length, and what
is refused gets a reason that people read. Lists of junk: 2,016 interface MACs of recorded devices,
and vendors' defaults; VRRP RFC 9568, HSRP and GLBP by Cisco, engine ids RFC 3411 (SnmpEngineID).
"""

import re

from msptool.audit import macs
from msptool.audit.clues import JUNK_UUIDS

MOST = 255  # signs of a name: RFC 1035

_ROUTERS = ("00:00:5e:00:01", "00:00:5e:00:02", "00:00:0c:07:ac", "00:00:0c:9f:f", "00:07:b4")
_DONGLES = ("00:1a:7d:da:71",)  # one block on countless cheap adapters
# Zeros, ones, counted up, and what Windows gives its WAN miniports ("PPTP", "3PoE00", " ASYN\xff").
_PLACEHOLDERS = frozenset(
    {
        "01:02:03:04:05:06", "00:01:02:03:04:05", "12:34:56:78:9a:bc",
        "50:50:54:50:30:30", "33:50:6f:45:30:30", "20:41:53:59:4e:ff", "00:00:00:00:00:01",
    }
)  # fmt: skip
_VIRTUAL_MACHINES = ("00:0c:29", "00:50:56", "00:05:69", "00:15:5d", "52:54:00", "08:00:27",
                     "bc:24:11", "00:16:3e", "00:1c:42")  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_KEY = re.compile(r"[A-Za-z0-9+/=:._-]{16,128}\Z")
# Names that makers give to all; where two meet, mDNS numbers them (RFC 6762).
_MAKERS = frozenset(
    {
        "localhost", "debian", "ubuntu", "raspberrypi", "openwrt", "mikrotik", "android", "iphone",
        "ipad", "macbook", "espressif", "esp", "samba", "esxi", "proxmox", "kali", "homeassistant",
    }
)  # fmt: skip
_PLAIN = frozenset(
    {
        "router", "switch", "gateway", "modem", "printer", "camera", "nas", "server", "host", "pc",
        "workstation", "desktop", "laptop", "admin", "user", "default", "unknown", "none", "null",
        "linux", "windows", "workgroup", "ap", "ups", "template", "centos", "fedora", "pve",
    }
)  # fmt: skip


def is_local(address: str) -> bool:
    """Tell whether a MAC has the local bit: made up by software, mostly anew (RFC 8948). QEMU's
    52:54:00 has it too, and stays with its machine.
    """
    return bool(int(address[1], 16) & 2) and not address.startswith("52:54:00")


def is_virtual_router(address: str) -> bool:
    """Tell whether a MAC belongs to a role that moves between routers: VRRP, HSRP, GLBP."""
    return address.startswith(_ROUTERS)


def why_no_mac(address: str) -> str:
    """Return why a MAC names no machine; "" where it does."""
    if is_virtual_router(address):
        return "virtual router"
    if address.startswith(_DONGLES):
        return "on countless adapters"
    if address in _PLACEHOLDERS or len(set(address.split(":"))) == 1:
        return "placeholder"
    return ""


def are_neighbours(one: str, other: str) -> bool:
    """Tell whether two MACs are as near as the ports of one card: of one block, at most 8 apart.
    Those of virtual machines are counted up, too, and prove nothing.
    """
    if one[:8] != other[:8] or one.startswith(_VIRTUAL_MACHINES) or is_local(one):
        return False
    return abs(_number(one) - _number(other)) <= 8  # noqa: PLR2004


def _number(address: str) -> int:
    return int(address.replace(":", ""), 16)


def uuid(text: str) -> tuple[str, str]:
    """Return (the UUID in a text such as "uuid:…", why it names no machine)."""
    found = _UUID.search(text[:MOST].lower())
    if not found:
        return "", ""
    plain = found[0].replace("-", "")
    junk = plain in JUNK_UUIDS or len(set(plain)) == 1 or "0" * 20 in plain
    return plain, "placeholder" if junk else ""


def engine(text: str) -> tuple[str, str]:
    """Return (an SNMP engine id in hex, why it names no machine). RFC 3411: 5 to 32 octets, the
    first bit says that the fifth octet is a format: 1, 2 an address, 3 a MAC, 4 text, 5 octets.
    """
    plain = re.sub(r"^0x|[\s:]", "", text[:MOST].lower())
    if not re.fullmatch(r"(?:[0-9a-f]{2}){5,32}", plain):
        return "", ""
    data = bytes.fromhex(plain)
    body = data[5:] if data[0] & 0x80 else data[4:]
    if len(set(body)) <= 1:
        return plain, "placeholder"
    if data[0] & 0x80 and data[4] in (1, 2):
        return plain, "only an address"
    if not data[0] & 0x80 and body.count(0) > len(body) - 4:
        return plain, "only an address"
    inside = engine_mac(plain)
    return plain, why_no_mac(inside) if inside else ""


def engine_mac(plain: str) -> str:
    """Return the MAC in an engine id of format 3; "" for the others."""
    data = bytes.fromhex(plain)
    whole = data[0] & 0x80 and len(data) >= 11 and data[4] == 3  # noqa: PLR2004
    return macs.of(data[5:11]) if whole else ""


def key(text: str) -> str:
    """Return the digest of a key as it was told, of "SHA256:…" the rest; "" for other text."""
    plain = text.strip().removeprefix("SHA256:").rstrip("=")
    return plain if _KEY.match(plain) else ""


def short(name: str) -> str:
    """Return a host's name as all protocols tell it: the first label, lower, 15 signs (NetBIOS);
    "" for an address.
    """
    plain = name.strip().lower()[:MOST]
    if re.fullmatch(r"[\d.]+|[0-9a-f:]*:[0-9a-f:.]*", plain):
        return ""
    return plain.partition(".")[0][:15]


def is_generic(name: str) -> bool:
    """Tell whether a name is one that makers give to all: it tells nobody apart."""
    bare = re.sub(r"[-_ ]?\d{1,2}\Z", "", name)
    return name in _PLAIN or bare in _MAKERS or len(name) < 3  # noqa: PLR2004
