"""Protocols that speak first, or say their name to any line: a table of how they begin.

Sources: RFC 959 and 5321 (FTP and SMTP share 220), 1939, 3501, 3977, 5804, 6143; rsync's, nagios',
clamd's, redis' and other programs' own words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from msptool.audit.probes.probe import Probe, listening, text, told


@dataclass(frozen=True)
class Greeting:
    """A protocol, how it greets, and what of that is a product, version, name or other thing."""

    protocol: str
    opens: re.Pattern[bytes]
    reads: tuple[re.Pattern[bytes], ...] = ()


def _row(protocol: str, opens: bytes, *reads: bytes) -> Greeting:
    return Greeting(
        protocol,
        re.compile(opens, re.I | re.S),
        tuple(re.compile(read, re.I) for read in reads),
    )


_HOST = rb"(?P<name>[A-Za-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,10})"
_V = rb"v?(?P<version>\d[\w.+~:-]{0,60})"


def _product(*names: str) -> bytes:
    """A known product, its version if that follows, and the rest of the line."""
    known = b"|".join(re.escape(name.encode()) for name in names)
    return rb"\b(?P<product>" + known + rb")\b[ /(]*(?:" + _V + rb")?[^\n]*\n"


_MAIL = ("Postfix", "Exim", "Sendmail", "MailEnable", "MDaemon", "Haraka", "OpenSMTPD", "Zimbra",
         "Kerio Connect", "CommuniGate Pro", "hMailServer")  # fmt: skip
_FTP = ("vsFTPd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "Serv-U FTP Server", "bftpd",
        "Microsoft FTP Service", "GNU inetutils", "Titan FTP Server", "Gene6 FTP Server",
        "Xlight FTP Server", "NASFTPD Turbo station", "Synology FTP server")  # fmt: skip
_BOXES = ("Dovecot", "Cyrus POP3", "Cyrus IMAP", "Courier-IMAP", "Courier", "Microsoft Exchange",
          "Qpopper", "MDaemon", "Zimbra", "Kerio Connect")  # fmt: skip

# Read with `search`; each names only what stands there whole, before its line's end. The first
# row that fits is it: of those that greet with 220, FTP, which says least of itself, comes last.
TABLE = (
    _row("lmtp", rb"220[ -][^\n]{0,500}\bLMTP\b", rb"220[ -]" + _HOST + rb"[ \r\n]"),
    _row(
        "smtp",
        rb"220[ -][^\n]{0,500}\bE?SMTP\b",
        rb"220[ -]" + _HOST + rb"[ \r\n]",
        rb"\bE?SMTP " + _product(*_MAIL),
        rb"(?P<product>Microsoft) ESMTP MAIL Service[^\n]*\n",
        rb"Microsoft ESMTP MAIL Service, Version: " + _V + rb"[^\n]*\n",
    ),
    _row(
        "vmware-auth",
        rb"220 VMware Authentication Daemon",
        rb"220 (?P<product>VMware Authentication Daemon) Version " + _V,
    ),
    _row("hylafax", rb"220 [^\n]{0,200}HylaFAX", rb"220 " + _HOST + rb"[ \r\n]"),
    _row("ftp", rb"220[ -]", rb"220[ -]" + _HOST + rb"[ \r\n]", _product(*_FTP)),
    _row("pop3", rb"\+OK", _product(*_BOXES), rb"\+OK " + _HOST + rb"[ \r\n]"),
    _row(
        "imap",
        rb"\* (?:OK|PREAUTH)",
        _product(*_BOXES),
        rb"\* (?:OK|PREAUTH)(?: \[[^\]\n]*\])? " + _HOST + rb"[ \r\n]",
    ),
    _row(
        "nntp", rb"20[01][ -][^\n]{0,300}(?:NNTP|InterNetNews|INN)\b", rb"20[01] " + _HOST + rb" "
    ),
    _row(
        "managesieve",
        rb'"(?:IMPLEMENTATION|SIEVE)" "',
        rb'"IMPLEMENTATION" "(?P<product>[^"\n]{1,80})"',
    ),
    _row("vnc", rb"RFB \d{3}\.\d{3}\n", rb"RFB (?P<version>\d{3}\.\d{3})\n"),
    _row("rsync", rb"@RSYNCD: \d", rb"@RSYNCD: (?P<version>[\d.]{1,10})[^\n]*\n"),
    _row("svn", rb"\( success \( \d \d ", rb"\( success \( (?P<version>\d \d) "),
    _row(
        "nats",
        rb"INFO \{",
        rb'"version":"(?P<version>[\w.+-]{1,40})"',
        rb'"server_name":"(?P<node>[^"\n]{1,80})"',
    ),
    _row("irc", rb":[^ \n]{1,200} (?:NOTICE|ERROR) ", rb":" + _HOST + rb" NOTICE "),
    _row(
        "checkmk",
        rb"<<<check_mk>>>",
        rb"\nVersion: (?P<version>[\w.]{1,40})\n",
        rb"\nAgentOS: (?P<os>[\w .-]{1,40})\n",
        rb"\nHostname: (?P<name>[\w.-]{1,200})\n",
    ),
    # DCE/RPC 5.0 (C706 12.6): fault, bind_ack or bind_nak, little-endian.
    _row("msrpc", rb"\x05\x00[\x03\x0c\x0d][\x03\x07]\x10\x00\x00\x00"),
    _row("zabbix-agent", rb"ZBXD\x01"),
    _row(
        "asterisk-manager",
        rb"Asterisk Call Manager/",
        rb"Asterisk Call Manager/(?P<version>[\d.]{1,20})\r?\n",
    ),
    _row("freeswitch", rb"Content-Type: auth/request\r?\n"),
    _row("ident", rb"[^\r\n]{0,50}: ERROR : (?:INVALID-PORT|NO-USER|UNKNOWN-ERROR)"),
    _row("socks5", rb"\x05[\x00\x02\xff]\Z"),
    _row("teamspeak", rb"TS3\n"),
    _row("nut", rb"ERR UNKNOWN-COMMAND\n"),
    _row("clamd", rb"UNKNOWN COMMAND\Z"),
    _row("bitcoin-miner", rb'\{"id":[^\n]{0,50},"(?:result|error|jsonrpc)"'),
    _row("telnet", rb"[^\xff]{0,400}\xff[\xfb-\xfe][\x00-\x31]"),
)

# Of the words that telnet's options leave: what a box says before its login.
_OPTIONS = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa[^\xff]*\xff\xf0|[\xf0-\xf9])", re.S)


def parse(said: bytes) -> Mapping[str, str]:
    """Return the protocol that greets so, and what it says of itself."""
    for row in TABLE:
        if row.opens.match(said[:4096]):
            return _read(row, said[:4096])
    return {}


def _read(row: Greeting, said: bytes) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for pattern in row.reads:
        found = pattern.search(said)
        groups = found.groupdict() if found else {}
        values = {key: text(word) for key, word in groups.items() if word} | values
    if row.protocol == "telnet":
        values["screen"] = screen(said)
    return told(row.protocol, **values)


def screen(said: bytes) -> str:
    """Return the whole lines of a telnet screen, without its options."""
    words = _OPTIONS.sub(b"", said)
    rows = [text(row) for row in words.replace(b"\r", b"\n").split(b"\n")[:-1]]
    return " | ".join(row for row in rows if row)[:400]


PROBE = Probe("greeting", parse, listening())
