"""HTTP: status, title, server, realm, and where it sends us. Source: RFC 9110, RFC 7617."""

import hashlib
import re
from collections.abc import Mapping

from msptool.audit.probes import markup, ntlm
from msptool.audit.probes.probe import Ask, Probe, Talk, lines, text, told

_HEADERS = {
    "server": "server",
    "location": "location",
    "x-powered-by": "powered-by",
    "x-influxdb-version": "influxdb",
    "x-jenkins": "jenkins",
    "docker-distribution-api-version": "registry",
    "x-generator": "generator",
}


def request(path: str, host: str, *more: str) -> bytes:
    """Return a GET of HTTP/1.0, so that the answer comes in one piece and the server closes."""
    named = f"[{host}]" if ":" in host else host
    head = [f"GET {path} HTTP/1.0", f"Host: {named}", "User-Agent: msptool", "Accept: */*", *more]
    return "\r\n".join([*head, "", ""]).encode()


def whole(said: bytes) -> bool:
    """A page of a told length is whole when that has come; others end by the server's closing."""
    head, mark, body = split(said)
    if not mark:
        return bool(said) and not b"HTTP/".startswith(said[:5])
    length = re.search(rb"^content-length:[ \t]*(\d{1,9})", head, re.MULTILINE | re.IGNORECASE)
    return length is not None and len(body) >= int(length[1])


def split(said: bytes) -> tuple[bytes, bytes, bytes]:
    """Return an answer's head, the empty line after it, and its body."""
    mark = re.search(rb"\r?\n\r?\n", said)
    return (said[: mark.end()], mark[0], said[mark.end() :]) if mark else (said, b"", b"")


def talk(host: str) -> Talk:
    """Ask for the first page."""
    yield Ask(request("/", host), whole)


def parse(said: bytes) -> Mapping[str, str]:
    """Return what a page says; of the head only whole lines, and the title only if it ended."""
    status = re.match(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r?\n", said[:4096])
    if status is None:
        return {}
    head, _, body = split(said)
    values = told("http", status=status[1])
    for line in lines(head)[1:]:
        name, _, value = line.partition(b":")
        values = {**_header(text(name).lower(), text(value)), **values}
    title = markup.element(body.decode("utf-8", "replace"), "title")
    return values | ({"title": title} if title else {})


def _header(name: str, value: str) -> Mapping[str, str]:
    if name == "www-authenticate":
        return _realm(value)
    kept = _HEADERS.get(name)
    return {kept: value} if kept and value else {}


def _realm(value: str) -> Mapping[str, str]:
    scheme = value.split(" ", 1)[0].lower()
    found = re.search(r'realm="([^"]{1,200})"', value, re.IGNORECASE)
    return {"auth": scheme} | ({"realm": found[1]} if found else {})


def body_of(said: bytes) -> bytes:
    """Return the body of a page that was given (200), else nothing."""
    return split(said)[2] if re.match(rb"HTTP/1\.[01] 200", said) else b""


def icon(said: bytes) -> Mapping[str, str]:
    """Return the SHA-256 of an icon that came whole."""
    body = body_of(said)
    if not body or not whole(said):
        return {}
    return told("http", icon_sha256=hashlib.sha256(body).hexdigest())


def moved(page: Mapping[str, str], host: str) -> str:
    """Return the path to which a page sends us on the same host; "" for any other."""
    if not re.fullmatch(r"30[12378]", page.get("status", "")):
        return ""
    named = re.escape(f"[{host}]" if ":" in host else host)
    found = re.fullmatch(
        rf"(?:https?://{named}(?::\d+)?)?(/[!-~]{{0,300}})", page.get("location", "")
    )
    return found[1] if found and not found[1].startswith("//") else ""


PROBE = Probe("http", parse, talk)


def challenge(said: bytes) -> Mapping[str, str]:
    """Return what an NTLM challenge in WWW-Authenticate says (MS-NTHT 2.1)."""
    import base64
    import binascii

    found = re.search(
        rb"^www-authenticate:[ \t]*(?:negotiate|ntlm)[ \t]+([A-Za-z0-9+/=]{20,8000})[ \t]*\r?\n",
        said,
        re.MULTILINE | re.IGNORECASE,
    )
    try:
        return ntlm.read(base64.b64decode(found[1])) if found else {}
    except binascii.Error:
        return {}
