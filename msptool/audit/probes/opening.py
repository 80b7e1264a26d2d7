"""What an unknown TCP port is asked: nothing, a page, help; and FTP its anonymous login.

A few connections, each a question that most programs answer or close upon. What answers in another
protocol than it was asked names itself by its words.
"""

import re
from collections.abc import Callable, Mapping

from msptool.audit.probes import greetings, http, mysql
from msptool.audit.probes.probe import Ask, Shield, Talk

FTP_PORTS = (21, 990, 2121)
# Who speaks first there may look up our name before: it is waited for as long as it takes.
TALKERS = frozenset(
    {21, 23, 25, 110, 119, 143, 465, 587, 873, 990, 992, 993, 995, 2121, 2323, 2525, 3690, 4190,
     4222, 5038, 5900, 5901, 6556, 6667, 10011}
)  # fmt: skip
SOON_S = 0.8
# Mail in TLS from the first byte on has shown its certificate.
WRAPPED_MAIL = frozenset({465, 993, 995})


def hear(port: int, *, page: bool) -> Callable[[str], Talk]:
    """Return the conversation that hears the greeting out, then asks FTP, or the silent a page.

    A greeting that comes late, where few greet, is heard in place of the page.
    """
    patience_s = 60.0 if port in TALKERS else SOON_S

    def talk(host: str) -> Talk:
        greeting = yield Ask(b"", greeted, "greeting", patience_s)
        if may_ask_ftp(port, greeting):
            yield from _ask_ftp()
        elif greeting and port not in WRAPPED_MAIL:
            yield from _ask_for_tls(greetings.parse(greeting).get("protocol", ""))
        elif not greeting and page:
            yield Ask(http.request("/", host), http.whole, "http")

    return talk


# How each asks for TLS, and how it is granted (RFC 3207 2, RFC 3501 6.2.1, RFC 2595 4).
_STARTTLS = {
    "smtp": (b"STARTTLS\r\n", b"220"),
    "imap": (b"a1 STARTTLS\r\n", b"a1 OK"),
    "pop3": (b"STLS\r\n", b"+OK"),
}


def _ask_for_tls(protocol: str) -> Talk:
    """Ask a mail server for TLS, to see its certificate; say no more in it."""
    ask, granted = _STARTTLS.get(protocol, (b"", b""))
    if protocol == "smtp":
        offered = yield Ask(b"EHLO msptool\r\n", replied, "ehlo")
        ask = ask if b"STARTTLS" in offered else b""
    if ask:
        answer = yield Ask(ask, lambda said: said.endswith(b"\n"), "starttls")
        if answer.startswith(granted):
            yield Shield()


def call_for_help(host: str) -> Talk:
    """Say what protocols of lines answer or refuse; Redis hangs up upon a page's question."""
    yield Ask(b"HELP\r\n", name="help", patience_s=SOON_S)


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
    return said.get("greeting") or said.get("http") or said.get("help") or b""
