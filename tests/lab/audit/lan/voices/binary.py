"""Services that speak in binary messages: databases, directories, queues, names."""

import re
import struct
import time

from tests.lab.audit.lan.voices.ntlm import der
from tests.lab.audit.lan.voices.reply import HANG_UP, Reply, Voice, Words


def postgresql(words: Words) -> Voice:
    """PostgreSQL 15 (protocol 3.0): SSLRequest, StartupMessage, and what is neither."""

    def hear(said: bytes) -> Reply | None:
        if len(said) < 8:
            return None
        length, code = struct.unpack_from(">II", said)
        if not 8 <= length <= 10000:
            return HANG_UP
        if code == 80877103:
            return Reply(b"N")
        if code >> 16 == 3:
            return Reply(b"R" + struct.pack(">II", 23, 10) + b"SCRAM-SHA-256\0\0")
        text = f"unsupported frontend protocol {code >> 16}.{code & 0xFFFF}: server supports 3.0"
        fields = ("SFATAL", "VFATAL", "C0A000", f"M{text} to 3.0", "Fpostmaster.c", "L2195",
                  "RProcessStartupPacket")  # fmt: skip
        body = b"".join(field.encode() + b"\0" for field in fields) + b"\0"
        return Reply(b"E" + struct.pack(">I", len(body) + 4) + body, close=True)

    return Voice(hear)


def mysql(words: Words) -> Voice:
    """MySQL's handshake, protocol 10; or its refusal of hosts that it does not know."""

    def framed(number: int, body: bytes) -> bytes:
        return struct.pack("<I", len(body))[:3] + bytes([number]) + body

    late = framed(1, b"\xff\x84\x04#08S01Got packets out of order")
    if words.get("denied") == "y":
        text = b"\xff\x6a\x04Host '192.0.2.9' is not allowed to connect to this MySQL server"
        return Voice(lambda said: HANG_UP, framed(0, text))
    body = b"\x0a" + words["version"].encode() + b"\0" + struct.pack("<I", 11) + b"aBcDeFgH\0"
    body += b"\xff\xf7\xff\x02\x00\xff\x81\x15" + bytes(10) + b"iJkLmNoPqRsT\0"
    body += b"mysql_native_password\0"
    return Voice(lambda said: Reply(late, close=True), framed(0, body))


def mssql(words: Words) -> Voice:
    """SQL Server 2019's answer to PRELOGIN (MS-TDS 2.2.6.5)."""
    table = b"\0\0\x15\0\x06\x01\0\x1b\0\x01\x02\0\x1c\0\x01\x03\0\x1d\0\0\xff"
    data = bytes([15, 0, 7, 208, 0, 0]) + b"\x02" + b"\0"
    told = b"\x04\x01" + struct.pack(">H", 8 + len(table + data)) + b"\0\0\x01\0" + table + data

    def hear(said: bytes) -> Reply | None:
        if said[:1] != b"\x12":
            return HANG_UP
        return Reply(told) if len(said) >= 8 else None

    return Voice(hear)


def ldap(words: Words) -> Voice:
    """Active Directory's rootDSE, and a bind that succeeds (RFC 4511)."""

    def hear(said: bytes) -> Reply | None:
        if said[:1] != b"\x30":
            return HANG_UP
        at = said.find(b"\x02\x01")
        number, body = (said[at : at + 3], said[at + 3 :]) if at > 0 else (b"", b"")
        done = der(0x0A, b"\0") + b"\x04\0\x04\0"
        if body[:1] == b"\x60":
            return Reply(_long(0x30, number + _long(0x61, done)))
        if body[:1] == b"\x63":
            entry = _long(0x64, b"\x04\0" + _long(0x30, _root(words["name"])))
            return Reply(_long(0x30, number + entry) + _long(0x30, number + _long(0x65, done)))
        return HANG_UP

    return Voice(hear)


def _long(tag: int, body: bytes) -> bytes:
    """Return an element as Active Directory encodes it: with a length of four bytes."""
    return bytes([tag, 0x84]) + struct.pack(">I", len(body)) + body


def _root(name: str) -> bytes:
    base = "DC=office,DC=example"
    sites = f"CN=Servers,CN=Main,CN=Sites,CN=Configuration,{base}"
    told = (
        ("defaultNamingContext", base), ("dnsHostName", f"{name.lower()}.office.example"),
        ("dsServiceName", f"CN=NTDS Settings,CN={name},{sites}"), ("supportedLDAPVersion", "3"),
    )  # fmt: skip
    return b"".join(
        _long(0x30, der(4, key.encode()) + _long(0x31, der(4, value.encode())))
        for key, value in told
    )


def dns(words: Words) -> Voice:
    """DNS over TCP: the version where asked, else a refusal (RFC 1035, 4.2.2)."""

    def hear(said: bytes) -> Reply | None:
        if len(said) < 2 or len(said) < 2 + struct.unpack_from(">H", said)[0]:
            return None
        told = answer_dns(said[2:], words.get("version", ""))
        return Reply(struct.pack(">H", len(told)) + told)

    return Voice(hear)


def answer_dns(asked: bytes, version: str = "") -> bytes:
    """Return the answer to one question; `version` to version.bind."""
    if len(asked) < 12:
        return b""
    if asked[2] & 0x78:  # not a standard query
        return asked[:2] + b"\x90\x04" + bytes(8)
    question = asked[12:]
    if version and b"\x07version\x04bind" in question:
        text = bytes([len(version)]) + version.encode()
        record = b"\xc0\x0c\0\x10\0\x03" + bytes(4) + struct.pack(">H", len(text)) + text
        return asked[:2] + b"\x85\x80\0\x01\0\x01\0\0\0\0" + question + record
    return asked[:2] + b"\x81\x05\0\x01\0\0\0\0\0\0" + question


def kerberos(words: Words) -> Voice:
    """Windows' KDC: of any realm but its own it says that this is wrong, and gives it back (RFC
    4120, 5.9.1; what nmap 7.93 expects of Windows); to a length that is none it says nothing.
    """

    def hear(said: bytes) -> Reply | None:
        if said[:2] != b"\0\0"[: len(said)]:
            return HANG_UP
        asked = re.search(rb"\xa2(.\x1b.+?)\xa3(.+)", said, re.DOTALL)
        if len(said) < 5 or len(said) < 4 + struct.unpack_from(">I", said)[0]:
            return None
        if said[4:5] != b"\x6a" or asked is None:
            return HANG_UP
        return Reply(_error(*(part[1 : 1 + part[0]] for part in asked.groups())))

    return Voice(hear)


def _error(realm: bytes, server: bytes) -> bytes:
    """Return KDC_ERR_WRONG_REALM with the realm and the name of a service as they were asked."""
    now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime()).encode()
    fields = (
        (0xA0, b"\x02\x01\x05"),
        (0xA1, b"\x02\x01\x1e"),
        (0xA4, der(0x18, now)),
        (0xA5, b"\x02\x03\x0a\xbc\xde"),
        (0xA6, b"\x02\x01\x44"),
        (0xA9, realm),
        (0xAA, server),
    )
    body = der(0x7E, der(0x30, b"".join(der(tag, value) for tag, value in fields)))
    return struct.pack(">I", len(body)) + body


def msrpc(words: Words) -> Voice:
    """Windows' endpoint mapper: a bind is accepted, all else refused (C706, 12.6.4)."""

    def hear(said: bytes) -> Reply | None:
        if len(said) < 16:
            return None
        number = said[12:16]
        if said[:1] == b"\x05" and said[2:3] == b"\x0b":
            body = struct.pack("<HHI", 5840, 5840, 0x1234) + b"\x04\0135\0\0\0" + b"\x01\0\0\0"
            body += bytes(4) + bytes.fromhex("045d888aeb1cc9119fe808002b10486002000000")
            size = struct.pack("<H", 16 + len(body))
            return Reply(b"\x05\0\x0c\x03\x10\0\0\0" + size + b"\0\0" + number + body)
        told = b"\x05\0\x0d\x03\x10\0\0\0\x18\0\0\0" + number + b"\x04\0\x01\x05\0\0\0\0"
        return Reply(told, close=True)

    return Voice(hear)


def mqtt(words: Words) -> Voice:
    """A broker that wants a login (MQTT 3.1.1, 3.2); what is no CONNECT ends it."""

    def hear(said: bytes) -> Reply | None:
        return Reply(b"\x20\x02\x00\x05", close=True) if said[:1] == b"\x10" else HANG_UP

    return Voice(hear)


def amqp(words: Words) -> Voice:
    """RabbitMQ: connection.start, or the protocol it would speak (AMQP 0-9-1, 4.2.2)."""

    def hear(said: bytes) -> Reply | None:
        if len(said) < 8:
            return None if b"AMQP".startswith(said[:4]) else Reply(b"AMQP\0\0\x09\x01", close=True)
        if said[:8] != b"AMQP\0\0\x09\x01":
            return Reply(b"AMQP\0\0\x09\x01", close=True)
        product = b"\x07productS\0\0\0\x08RabbitMQ\x07versionS\0\0\0\x073.10.8 "
        body = b"\0\x0a\0\x0a\0\x09" + struct.pack(">I", len(product)) + product
        body += b"\0\0\0\x0ePLAIN AMQPLAIN\0\0\0\x05en_US"
        return Reply(b"\x01\0\0" + struct.pack(">I", len(body)) + body + b"\xce")

    return Voice(hear)


def rpcbind(words: Words) -> Voice:
    """Portmapper versions 2 to 4: nothing, and the programs; other versions, programs and
    procedures are refused (RFC 5531, 9; RFC 1833).
    """

    def hear(said: bytes) -> Reply | None:
        if said[:1] != b"\x80":
            return HANG_UP
        if len(said) < 44 or len(said) < 4 + (struct.unpack_from(">I", said)[0] & 0x7FFFFFFF):
            return None
        program, version, procedure = struct.unpack_from(">III", said, 16)
        told = said[4:8] + struct.pack(">IIII", 1, 0, 0, 0)
        if program != 100000:
            told += struct.pack(">I", 1)
        elif not 2 <= version <= 4:
            told += struct.pack(">III", 2, 2, 4)
        elif procedure == 0:
            told += struct.pack(">I", 0)
        else:
            told += struct.pack(">I", 0) + _programs(version) if procedure == 4 else b"\0\0\0\x03"
        return Reply(struct.pack(">I", 0x80000000 | len(told)) + told)

    return Voice(hear)


def _programs(version: int) -> bytes:
    """Return the portmapper's own rows: numbers in version 2, words from 3 on (RFC 1833)."""
    told = b""
    for known in (4, 3, 2):
        for number, netid in ((6, b"tcp"), (17, b"udp")):
            told += struct.pack(">III", 1, 100000, known)
            if version == 2:
                told += struct.pack(">II", number, 111)
            else:
                told += b"".join(map(_xdr, (netid, b"0.0.0.0.0.111", b"superuser")))
    return told + bytes(4)


def _xdr(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text + bytes(-len(text) % 4)


def pptp(words: Words) -> Voice:
    """Start-Control-Connection-Reply (RFC 2637, 2.2); other words end it."""

    def hear(said: bytes) -> Reply | None:
        if said[4:8] != b"\x1a\x2b\x3c\x4d"[: len(said[4:8])]:
            return HANG_UP
        if len(said) < 156:
            return None
        name, vendor = (words[key].encode().ljust(64, b"\0") for key in ("name", "vendor"))
        head = struct.pack(">HHIHHHBBIIHH", 156, 1, 0x1A2B3C4D, 2, 0, 256, 1, 0, 1, 1, 0, 1)
        return Reply(head + name + vendor)

    return Voice(hear)
