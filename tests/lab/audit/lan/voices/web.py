"""Services that speak in requests with headers: HTTP, IPP, WinRM, RTSP, SIP.

RFC 9110, RFC 8011 (IPP), RFC 2326 (RTSP), RFC 3261 (SIP).
"""

import base64
import re
import struct
import uuid

from tests.lab.audit.lan.voices import ntlm
from tests.lab.audit.lan.voices.reply import HANG_UP, Reply, Voice, Words

_METHOD = re.compile(rb"(GET|HEAD|POST|OPTIONS|PUT|DELETE|PROPFIND|TRACE) \S+ HTTP/1\.[01]\r?\n")


def http(words: Words) -> Voice:
    """Return a web server: one page, whatever is asked for."""

    def hear(said: bytes) -> Reply | None:
        asked = request(said)
        if asked is None:
            return None
        if not _METHOD.match(said):
            return _page(words, "400 Bad Request", "400 Bad Request")
        told = _page(words, words.get("status", "200 OK"), words.get("title", ""))
        return _headless(told) if said.startswith(b"HEAD") else told

    return Voice(hear)


def request(said: bytes) -> tuple[bytes, bytes] | None:
    """Return (head, body) once the whole request is there; a head that is none is whole at once."""
    if not said[:1].isalpha():
        return (said, b"") if said.endswith(b"\n") or len(said) > 3 else None
    head, blank, body = said.partition(b"\r\n\r\n")
    if not blank:
        return (said, b"") if b"\n" in said and not re.match(rb"[A-Z]+ \S", said) else None
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return None if length and len(body) < int(length[1]) else (head, body)


def _page(words: Words, status: str, title: str, *more: str) -> Reply:
    body = (
        words.get("body")
        or f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body></body></html>\n"
    )
    server = [f"Server: {words['server']}"] if words.get("server") else []
    goto = [f"Location: {words['location']}"] if words.get("location") else []
    lines = [
        f"HTTP/1.1 {status}", "Date: Fri, 27 Nov 2026 12:00:00 GMT", *server, *goto, *more,
        f"Content-Type: {words.get('type', 'text/html')}; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]  # fmt: skip
    return Reply(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), close=True)


def _headless(reply: Reply) -> Reply:
    return Reply(reply.data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", close=True)


def winrm(words: Words) -> Voice:
    """WinRM: pages are not found; /wsman wants NTLM, and tells who it is (MS-NTHT)."""

    def hear(said: bytes) -> Reply | None:
        asked = request(said)
        if asked is None:
            return None
        if not _METHOD.match(said):
            return _page(words, "400 Bad Request", "Bad Request")
        if b" /wsman" not in said.partition(b"\n")[0]:
            return _page(words, "404 Not Found", "Not Found")
        token = re.search(rb"(?i)authorization: *(?:negotiate|ntlm) +([A-Za-z0-9+/=]+)", asked[0])
        scheme = "Negotiate"
        if token and b"NTLMSSP\0\x01" in base64.b64decode(token[1] + b"=="):
            told = base64.b64encode(ntlm.challenge(words["name"], words["domain"])).decode()
            scheme = f"Negotiate {told}"
        return _page(words, "401 Unauthorized", "", f"WWW-Authenticate: {scheme}")

    return Voice(hear)


def ipp(words: Words) -> Voice:
    """A printer's IPP: pages to browsers, attributes to Get-Printer-Attributes."""
    pages = {"server": "CUPS/2.4 IPP/2.1", "title": words["model"]}

    def hear(said: bytes) -> Reply | None:
        asked = request(said)
        if asked is None:
            return None
        if not said.startswith(b"POST") or len(asked[1]) < 8:
            return _page(pages, "200 OK" if _METHOD.match(said) else "400 Bad Request",
                         words["model"])  # fmt: skip
        body = _attributes(words, asked[1][4:8])
        head = f"HTTP/1.1 200 OK\r\nServer: {pages['server']}\r\nContent-Type: application/ipp\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return Reply(head.encode() + body, close=True)

    return Voice(hear)


def _attributes(words: Words, number: bytes) -> bytes:
    def one(tag: int, name: str, value: str) -> bytes:
        parts = (name.encode(), value.encode())
        return bytes([tag]) + b"".join(struct.pack(">H", len(part)) + part for part in parts)

    return (
        b"\x01\x01\x00\x00" + number + b"\x01"
        + one(0x47, "attributes-charset", "utf-8")
        + one(0x48, "attributes-natural-language", "en")
        + b"\x04"
        + one(0x41, "printer-make-and-model", words["model"])
        + one(0x42, "printer-name", words["name"])
        + one(0x45, "printer-uuid", uuid.uuid5(uuid.NAMESPACE_DNS, words["name"]).urn)
        + b"\x03"
    )  # fmt: skip


def rtsp(words: Words) -> Voice:
    """A camera's stream: it knows RTSP's methods, and takes HTTP's for bad ones."""
    server = f"Server: {words['server']}\r\n" if words.get("server") else ""

    def hear(said: bytes) -> Reply | None:
        asked = request(said)
        if asked is None:
            return None
        number = re.search(rb"(?i)cseq: *(\d+)", asked[0])
        head = f"CSeq: {number[1].decode() if number else 0}\r\n{server}"
        if b" RTSP/1.0" not in said:
            return Reply(f"RTSP/1.0 400 Bad Request\r\n{head}\r\n".encode(), close=True)
        methods = "OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN"
        return Reply(f"RTSP/1.0 200 OK\r\n{head}Public: {methods}\r\n\r\n".encode())

    return Voice(hear)


def sip(words: Words) -> Voice:
    """An exchange: it answers SIP and nothing else."""

    def hear(said: bytes) -> Reply | None:
        if b"SIP/2.0" not in said or not said.endswith(b"\r\n\r\n"):
            return None
        kept = re.findall(rb"(?im)^(?:via|from|to|call-id|cseq):.*?\r\n", said)
        head = b"SIP/2.0 200 OK\r\n" + b"".join(kept)
        more = f"Server: {words['server']}\r\nAllow: OPTIONS, INVITE, ACK\r\nContent-Length: 0\r\n"
        return Reply(head + more.encode() + b"\r\n")

    return Voice(hear)


def mongodb(words: Words) -> Voice:
    """MongoDB's port tells browsers that it is none for them, and anybody whether it is master
    (wire protocol: OP_QUERY 2004, OP_REPLY 1); any other message ends it.
    """
    text = "It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n"
    head = "HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\n"

    def hear(said: bytes) -> Reply | None:
        if said.startswith(b"GET "):
            told = f"{head}Content-Length: {len(text)}\r\n\r\n{text}"
            return Reply(told.encode(), close=True)
        if len(said) < 16 or len(said) < int.from_bytes(said[:4], "little"):
            return HANG_UP if said[:2] == b"\r\n" else None
        return Reply(_master(said[4:8])) if said[12:16] == b"\xd4\x07\0\0" else HANG_UP

    return Voice(hear)


def _master(asked: bytes) -> bytes:
    """Return an OP_REPLY with one BSON document: ismaster, maxWireVersion 17, ok 1.0."""
    told = b"\x08ismaster\0\x01\x10maxWireVersion\0\x11\0\0\0\x01ok\0" + struct.pack("<d", 1.0)
    document = struct.pack("<i", len(told) + 5) + told + b"\0"
    body = struct.pack("<iqii", 8, 0, 0, 1) + document
    return struct.pack("<ii4si", 16 + len(body), 1, asked, 1) + body
