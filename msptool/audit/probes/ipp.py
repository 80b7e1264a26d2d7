"""IPP Get-Printer-Attributes: make, model, identity and state of a printer; it prints nothing.

Only where IPP is spoken (631): a printer's raw ports are never written to. Sources: RFC 8010 3.1,
RFC 8011 4.2.5, PWG 5100.9 (device id of IEEE 1284).
"""

import re
import struct
from collections.abc import Iterator, Mapping

from msptool.audit.probes import http
from msptool.audit.probes.probe import Ask, Probe, Talk, listed, text, told

_GET_PRINTER_ATTRIBUTES = 0x000B
_ASKED = (
    "printer-make-and-model", "printer-device-id", "printer-uuid", "printer-name", "printer-info",
    "printer-location", "printer-firmware-string-version", "printer-firmware-version",
    "printer-state-reasons", "marker-names", "marker-levels", "printer-dns-sd-name",
)  # fmt: skip
_OPERATION, _END, _PRINTER = 1, 3, 4
_INTEGERS = (0x21, 0x23)


def talk(host: str) -> Talk:
    """Ask the usual place of printers; where it is unknown, CUPS's own root."""
    for path in ("/ipp/print", "/"):
        said = yield Ask(request(host, path), http.whole)
        if http.body_of(said):
            return


def request(host: str, path: str) -> bytes:
    """Return the question, as a POST."""
    named = f"[{host}]" if ":" in host else host
    body = struct.pack(">HHI", 0x0101, _GET_PRINTER_ATTRIBUTES, 1) + bytes([_OPERATION])
    body += _attribute(0x47, "attributes-charset", "utf-8")
    body += _attribute(0x48, "attributes-natural-language", "en")
    body += _attribute(0x45, "printer-uri", f"ipp://{named}{path}")
    for nth, name in enumerate(_ASKED):
        body += _attribute(0x44, "" if nth else "requested-attributes", name)
    body += bytes([_END])
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {named}:631\r\nUser-Agent: msptool\r\nConnection: close\r\n"
        f"Content-Type: application/ipp\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _attribute(tag: int, name: str, value: str) -> bytes:
    words = name.encode(), value.encode()
    return bytes([tag]) + b"".join(struct.pack(">H", len(word)) + word for word in words)


def parse(said: bytes) -> Mapping[str, str]:
    """Return the printer's attributes; of the device id its maker, model and serial."""
    start = said.rfind(b"HTTP/1.")
    page = said[start:] if start >= 0 else b""
    body = _unchunked(page)
    if len(body) < 9 or body[0] not in (1, 2) or not re.search(rb"application/ipp", page, re.I):
        return {}
    read = dict(_attributes(body))
    device = _device_id(" ".join(read.get("printer-device-id", ())))

    def one(name: str) -> str:
        return listed(read.get(name, []))

    return told(
        "ipp",
        make_and_model=one("printer-make-and-model"),
        vendor=device.get("MFG") or device.get("MANUFACTURER"),
        model=device.get("MDL") or device.get("MODEL"),
        serial=device.get("SN") or device.get("SERN") or device.get("SERIALNUMBER"),
        uuid=one("printer-uuid").removeprefix("urn:uuid:"),
        name=one("printer-dns-sd-name") or one("printer-name"),
        location=one("printer-location"),
        firmware=one("printer-firmware-string-version"),
        state_reasons=one("printer-state-reasons"),
        markers=_markers(read),
        ipp=f"{body[0]}.{body[1]}",
    )


def _unchunked(page: bytes) -> bytes:
    """Return a 200's body, put together where it came in chunks (RFC 9112, 7.1)."""
    head, _, _ = http.split(page)
    body = http.body_of(page)
    if not re.search(rb"^transfer-encoding:[ \t]*chunked", head, re.I | re.M):
        return body
    whole, at = b"", 0
    while match := re.compile(rb"([0-9A-Fa-f]{1,6})[^\r\n]{0,200}\r\n").match(body, at):
        size = int(match[1], 16)
        if not size or len(body) < match.end() + size:
            break
        whole += body[match.end() : match.end() + size]
        at = match.end() + size + 2
    return whole


def _attributes(body: bytes) -> Iterator[tuple[str, list[str]]]:
    """Yield the whole attributes, each with all its values; at most 200 values in all."""
    name, values, at = "", list[str](), 8
    for _ in range(200):
        if at >= len(body) or body[at] == _END:
            break
        if body[at] < 0x10:  # a group begins
            at += 1
            continue
        named, after = _sized(body, at + 1)
        value, end = _sized(body, after)
        if named is None or value is None:
            break
        if named:
            yield name, values
            name, values = text(named), []
        values.append(_shown(body[at], value))
        at = end
    else:
        return
    if at < len(body):  # the last is whole only if something follows
        yield name, values


def _sized(body: bytes, at: int) -> tuple[bytes | None, int]:
    if at + 2 > len(body):
        return None, at
    end = at + 2 + int.from_bytes(body[at : at + 2], "big")
    return (body[at + 2 : end] if end <= len(body) else None), end


def _shown(tag: int, value: bytes) -> str:
    if tag in _INTEGERS and len(value) == 4:
        return str(int.from_bytes(value, "big", signed=True))
    return "" if tag < 0x20 else text(value)


def _device_id(value: str) -> Mapping[str, str]:
    """`MFG:HP;MDL:LaserJet;SN:…;` as a table."""
    pairs = (part.partition(":") for part in value.split(";")[:40])
    return {key.strip().upper(): word.strip() for key, _, word in pairs if word.strip()}


def _markers(read: Mapping[str, list[str]]) -> str:
    names, levels = read.get("marker-names", []), read.get("marker-levels", [])
    return listed([f"{n} {v}%" for n, v in zip(names, levels, strict=False) if n and v])


PROBE = Probe("ipp", parse, talk)
