"""What an unknown TCP port is asked: nothing, a page, an empty line; and FTP its anonymous login.

A few connections, each a question that most programs answer or close upon. What answers in another
protocol than it was asked names itself by its words.
"""

import re
from collections.abc import Callable, Mapping

from msptool.audit.probes import greetings, http, mysql
from msptool.audit.probes.probe import Ask, Talk

FTP_PORTS = (21, 990, 2121)


def hear(port: int, *, page: bool) -> Callable[[str], Talk]:
    """Return the conversation that hears the greeting out, then asks FTP, or the silent a page."""

    def talk(host: str) -> Talk:
        greeting = yield Ask(b"", greeted, "greeting")
        if may_ask_ftp(port, greeting):
            yield from _ask_ftp()
        elif not greeting and page:
            yield Ask(http.request("/", host), http.whole, "http")

    return talk


def newline(host: str) -> Talk:
    """Say an empty line twice, as a person at a terminal would."""
    yield Ask(b"\r\n\r\n", name="newline")


def greeted(said: bytes) -> bool:
    """A greeting that tells where it ends: a reply of three digits, SSH, a MySQL packet."""
    if re.match(rb"\d{3}[ -]", said):
        return replied(said)
    return (said.startswith((b"SSH-", b"RFB ", b"+OK", b"* OK")) and said.endswith(b"\n")) or bool(
        mysql.parse(said)
    )


def replied(said: bytes) -> bool:
    """A reply of FTP or SMTP ends with a line of its code and a space (RFC 959 4.2)."""
    return bool(re.search(rb"^%b(?!-)[^\n]*\n" % re.escape(said[:3]), said, re.MULTILINE))


def may_ask_ftp(port: int, greeting: bytes) -> bool:
    """An FTP greeting that came to its end: what follows answers us, and is not its rest."""
    ended = greeting.startswith(b"220") and re.search(rb"^220(?![-\d])", greeting, re.MULTILINE)
    named = port in FTP_PORTS or re.search(rb"\bftp", greeting, re.IGNORECASE)
    return bool(ended and named) and greetings.parse(greeting).get("protocol") != "smtp"


def _ask_ftp() -> Talk:
    """Try the anonymous login once (RFC 1635) and leave."""
    user = yield Ask(b"USER anonymous\r\n", replied, "ftp-user")
    if user.startswith(b"331"):
        yield Ask(b"PASS audit@example.invalid\r\n", replied, "ftp-pass")
    yield Ask(b"QUIT\r\n", bool, "ftp-quit")


def wants_tls(said: bytes) -> bool:
    """Tell whether an answer to clear words is TLS's alert, or a web server's word for it."""
    alert = re.match(rb"\x15\x03[\0-\x04]\0\x02", said)
    told_so = re.search(rb"(?:plain )?HTTP request (?:was sent )?to (?:an )?HTTPS", said[:2048])
    return bool(alert or told_so)


def told_by(said: Mapping[str, bytes]) -> bytes:
    """Return what a port said to our opening, whatever part it was said in."""
    return said.get("greeting") or said.get("http") or said.get("newline") or b""
