"""SSDP: what a UPnP device is, asked of one host alone; its description where it lies on that host.

Source: UPnP Device Architecture 2.0, 1.3.2 (M-SEARCH), 2.3 (description).
"""

import re
from collections.abc import Mapping

from msptool.audit.probes import http, markup, wellknown
from msptool.audit.probes.probe import Probe, Question, lines, text, told

_ASK = (
    b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\n'
    b"ST: ssdp:all\r\n\r\n"
)
_HEADERS = ("server", "location", "usn", "st")


def parse(said: bytes) -> Mapping[str, str]:
    """Return the headers of an answer to a search."""
    if not re.match(rb"HTTP/1\.[01] 200 [^\r\n]{0,50}\r\n", said):
        return {}
    values: dict[str, str] = {}
    for line in lines(said)[1:60]:
        name, _, value = line.partition(b":")
        key = text(name).lower()
        if key in _HEADERS:
            values.setdefault(key, text(value))
    if "usn" not in values:
        return {}
    uuid = re.match(r"uuid:([0-9A-Za-z-]{8,64})(?=:|\Z)", values["usn"])
    return told("ssdp", **values, uuid=uuid[1] if uuid else "")


def place(values: Mapping[str, str], host: str) -> tuple[int, str] | None:
    """Return port and path of the description if it lies on the host that answered, else None."""
    named = re.escape(f"[{host}]" if ":" in host else host)
    found = re.fullmatch(
        rf"http://{named}(?::(\d{{1,5}}))?(/[!-~]{{0,300}})", values.get("location", "")
    )
    port = int(found[1] or 80) if found else 0
    return (port, found[2]) if found and 0 < port < 65536 else None


def description(said: bytes) -> Mapping[str, str]:
    """Return the device of a description: the first, which is the root one."""
    page = http.body_of(said).decode("utf-8", "replace")
    if not re.search(r"<root[\s>]", page[:2000]):
        return {}
    return told(
        "upnp",
        name=markup.element(page, "friendlyName"),
        vendor=markup.element(page, "manufacturer"),
        model=markup.element(page, "modelName"),
        model_number=markup.element(page, "modelNumber"),
        about=markup.element(page, "modelDescription"),
        serial=markup.element(page, "serialNumber"),
        uuid=markup.element(page, "UDN").removeprefix("uuid:"),
        kind=markup.element(page, "deviceType"),
    )


def fetching(path: str) -> Probe:
    """Return the probe that reads the description at a path."""
    return Probe("upnp", description, wellknown.getting(path))


UDP = Question("ssdp", _ASK, parse)
