"""The table of all voices by name."""

from collections.abc import Callable, Mapping

from tests.lab.audit.lan.truth import Host, Service
from tests.lab.audit.lan.voices import binary, lines, ntlm, ssh, web
from tests.lab.audit.lan.voices.reply import Voice, Words, silent

VOICES: Mapping[str, Callable[[Words], Voice]] = {
    "silent": lambda words: Voice(silent),
    "ssh": ssh.ssh, "redis": lines.redis, "vnc": lines.vnc, "telnet": lines.telnet,
    "http": web.http, "winrm": web.winrm, "ipp": web.ipp, "rtsp": web.rtsp, "sip": web.sip,
    "mongodb": web.mongodb, "smb": ntlm.smb, "netbios": ntlm.netbios, "rdp": ntlm.rdp,
    "postgresql": binary.postgresql, "mysql": binary.mysql, "mssql": binary.mssql,
    "ldap": binary.ldap, "dns": binary.dns, "kerberos": binary.kerberos, "msrpc": binary.msrpc,
    "mqtt": binary.mqtt, "amqp": binary.amqp, "rpcbind": binary.rpcbind, "pptp": binary.pptp,
}  # fmt: skip


def voice(host: Host, service: Service) -> Voice:
    """Return a fresh voice for one connection."""
    words = {**service.words, "address": host.address}
    if service.voice in lines.SPEAKERS:
        return lines.voice(service.voice, words)
    return VOICES[service.voice](words)
