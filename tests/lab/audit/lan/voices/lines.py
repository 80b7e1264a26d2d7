"""Services that speak in lines: mail, FTP, Redis and their like (RFC 959, 5321, 1939, 3501)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.lab.audit.lan.voices.reply import HANG_UP, Reply, Voice, Words


@dataclass(frozen=True)
class Speaker:
    """A greeting, answers by what a line begins with, and the answer to all else.

    An answer that ends in "!" hangs up. `{…}` stands for a word of the service; `{tag}` for the
    first word of the line.
    """

    greeting: str
    rules: Sequence[tuple[str, str]]
    otherwise: str


_QUIT_FTP = (r"QUIT", "221 Goodbye.\r\n!")
_LOGIN = "530 Please login with USER and PASS.\r\n"
SPEAKERS = {
    "ftp": Speaker(
        "220 {greeting}\r\n",
        ((r"USER", "331 Please specify the password.\r\n"),
         (r"PASS", "530 Login incorrect.\r\n"), _QUIT_FTP),
        _LOGIN,
    ),
    "smtp": Speaker(
        "220 {name} ESMTP Postfix (Debian/GNU)\r\n",
        ((r"EHLO", "250-{name}\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n"
                   "250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n"),
         (r"HELO", "250 {name}\r\n"), (r"QUIT", "221 2.0.0 Bye\r\n!"),
         (r"(GET|POST|OPTIONS) ", "221 2.7.0 Error: I can break rules, too. Goodbye.\r\n!"),
         (r"$", "500 5.5.2 Error: bad syntax\r\n")),
        "502 5.5.2 Error: command not recognized\r\n",
    ),
    "pop3": Speaker(
        "+OK Dovecot (Debian) ready.\r\n",
        ((r"QUIT", "+OK Logging out\r\n!"), 
         (r"CAPA", "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nSTLS\r\n.\r\n")),
        "-ERR Unknown command.\r\n",
    ),
    "imap": Speaker(
        "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS "
        "LOGINDISABLED] Dovecot (Debian) ready.\r\n",
        ((r"\S+ LOGOUT", "* BYE Logging out\r\n{tag} OK Logout completed.\r\n!"),),
        "{tag} BAD Error in IMAP command received by server.\r\n",
    ),
    "vmware-auth": Speaker(
        "220 VMware Authentication Daemon Version 1.10: SSL Required, "
        "ServerDaemonProtocol:SOAP, MKSDisplayProtocol:VNC , , NFCSSL supported/t\r\n",
        (_QUIT_FTP,),
        _LOGIN,
    ),
    "nut": Speaker(
        "",
        ((r"VER", "Network UPS Tools upsd 2.8.0 - https://www.networkupstools.org/\n"),
         (r"HELP", "Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD "
                   "STARTTLS\n"),
         (r"$", "")),
        "ERR UNKNOWN-COMMAND\n",
    ),
    "memcached": Speaker(
        "", ((r"version", "VERSION 1.6.18\r\n"), (r"quit", "!")), "ERROR\r\n"
    ),
    "rsync": Speaker("@RSYNCD: 31.0\n", ((r"@RSYNCD:", ""),), "@ERROR: protocol startup error\n!"),
}  # fmt: skip


def voice(name: str, words: Words) -> Voice:
    """Return the voice of a speaker of the table."""
    speaker = SPEAKERS[name]

    def hear(said: bytes) -> Reply | None:
        if not said.endswith(b"\n"):
            return None
        told = ""
        for line in said.decode("latin-1").splitlines():
            answer = _answer(speaker, line).format(tag=(line.split() or ["*"])[0], **words)
            told += answer.removesuffix("!")
            if answer.endswith("!"):
                return Reply(told.encode("latin-1"), close=True)
        return Reply(told.encode("latin-1"))

    return Voice(hear, speaker.greeting.format(**words).encode())


def _answer(speaker: Speaker, line: str) -> str:
    found = (text for start, text in speaker.rules if re.match(start, line, re.IGNORECASE))
    return next(found, speaker.otherwise)


def redis(words: Words) -> Voice:
    """Redis: inline commands and arrays of bulk strings; HTTP's headers make it hang up."""
    info = f"# Server\r\nredis_version:{words['version']}\r\nredis_mode:standalone\r\nos:Linux\r\n"
    replies = {
        "PING": "+PONG\r\n", "INFO": f"${len(info)}\r\n{info}\r\n", "COMMAND": "*0\r\n",
        "GET": "-ERR wrong number of arguments for 'get' command\r\n",
    }  # fmt: skip
    shut = words["auth"] == "y"

    def hear(said: bytes) -> Reply | None:
        if not said.endswith(b"\n"):
            return None
        told = ""
        for command in _commands(said.decode("latin-1")):
            if command in ("HOST:", "POST"):
                return Reply(told.encode(), close=True)
            if command == "QUIT":
                return Reply(f"{told}+OK\r\n".encode(), close=True)
            unknown = f"-ERR unknown command '{command.lower()}', with args beginning with: \r\n"
            known = replies.get(command, unknown)
            locked = shut and not known.startswith("-")
            told += "-NOAUTH Authentication required.\r\n" if locked else known
        return Reply(told.encode("latin-1"))

    return Voice(hear)


def _commands(said: str) -> list[str]:
    """Return the commands' names: of an array its first string, else each line's first word."""
    lines = said.splitlines()
    if lines[0].startswith("*"):
        return [lines[2].upper()] if len(lines) > 2 else []
    return [line.split()[0].upper() for line in lines if line.split()]


def vnc(words: Words) -> Voice:
    """RFB 3.8 with VNC authentication (RFC 6143, 7.1)."""

    def hear(said: bytes) -> Reply | None:
        return Reply(b"\x01\x02") if said.startswith(b"RFB ") else HANG_UP

    return Voice(hear, b"RFB 003.008\n")


def telnet(words: Words) -> Voice:
    """Telnet: options first, then a prompt (RFC 854)."""
    prompt = words["prompt"].encode()

    def hear(said: bytes) -> Reply | None:
        asked = said.replace(b"\xff", b"").strip()
        return Reply(b"\r\nPassword: ") if said.endswith(b"\n") and asked else Reply()

    return Voice(hear, b"\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01\xff\xfb\x03\r\n" + prompt)
