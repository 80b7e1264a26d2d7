"""Hold one conversation of a probe over one connection, bounded in bytes and seconds."""

import contextlib
import functools
import socket
import ssl
import time
from dataclasses import dataclass, field

from msptool.audit.probes.probe import Ask, Probe, Shield, Talk, Whole
from msptool.audit.workers.wire import CLOSE, HANDSHAKE, OPEN, SAY, Wire

LIMIT_BYTES = 16 * 1024
# How long an answer whose end nothing marks may pause between two segments.
QUIET_S = 0.3
# A small window, so that a talkative server cannot send more in a second than was reckoned.
WINDOW_BYTES = 4096


@dataclass
class Replies:
    """What was said by name of the question, TLS certificates under `tls`; and why no more.

    `met`: the port took a connection, or refused it.
    """

    said: dict[str, bytes] = field(default_factory=dict)
    error: str = ""
    met: bool = False

    def add(self, name: str, words: bytes) -> None:
        """Keep words; those to a question of the same name stand together, up to the limit."""
        if words:
            self.said[name] = (self.said.get(name, b"") + words)[:LIMIT_BYTES]

    def plus(self, other: "Replies") -> None:
        """Take over what another conversation with the same port brought."""
        self.said = other.said | self.said
        self.met |= other.met
        self.error = self.error if self.said else self.error or other.error


def call(
    host: str, port: int, probe: Probe, wire: Wire, *, timeout_s: float, tls: bool = False
) -> Replies:
    """Return what a service says to a probe; never raises for what the network does.

    `timeout_s` bounds the connecting, and each answer.
    """
    heard = Replies()
    wire.spend(OPEN + SAY + CLOSE)
    try:
        with contextlib.ExitStack() as stack:
            connection = stack.enter_context(_connect(host, port, timeout_s))
            heard.met = True
            conversation = Conversation(connection, probe.name, wire, heard, stack)
            if tls:
                conversation.shield()
            conversation.play(probe.talk(host))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        heard.error = type(error).__name__
        heard.met |= isinstance(error, ConnectionRefusedError | ConnectionResetError)
    return heard


def _connect(host: str, port: int, timeout_s: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
        connection.settimeout(timeout_s)
        connection.connect((host, port))
    except OSError:
        connection.close()
        raise
    return connection


@dataclass
class Conversation:
    """A connection and what was heard on it, under the probe's name where a question has none."""

    connection: socket.socket
    name: str
    wire: Wire
    heard: Replies
    stack: contextlib.ExitStack

    def play(self, talk: Talk) -> None:
        """Go through a conversation to its end."""
        step = next(talk, None)
        while step is not None:
            answer = self.shield() if isinstance(step, Shield) else self._ask(step)
            try:
                step = talk.send(answer)
            except StopIteration:
                return

    def _ask(self, ask: Ask) -> bytes:
        if ask.send:
            self.wire.spend(SAY)
            self.connection.sendall(ask.send)
        answer = read(self.connection, ask.whole, self.wire, ask.patience_s)
        self.heard.add(ask.name or self.name, answer)
        return answer

    def shield(self) -> bytes:
        """Start TLS with whatever old thing the other still speaks; return its certificate."""
        self.wire.spend(HANDSHAKE)
        shielded = context().wrap_socket(self.connection)
        self.connection = self.stack.enter_context(shielded)
        certificate = shielded.getpeercert(binary_form=True) or b""
        self.heard.said["tls"] = certificate
        return certificate


@functools.cache
def context() -> ssl.SSLContext:
    """Trust nobody and refuse nobody: the certificate is what we came for.

    One for all connections, without the machine's authorities: to read these takes longer than a
    handshake.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    made.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: ssl names it from Python 3.12 on
    made.set_ciphers("ALL:@SECLEVEL=0")
    return made


def read(connection: socket.socket, whole: Whole, wire: Wire, patience_s: float = 60.0) -> bytes:
    """Return what is said next, all its segments; b"" where nothing comes in time.

    The connection's own timeout bounds the whole, so that no server can drip for ever; `patience_s`
    how long its first words may take.
    """
    limit_s = connection.gettimeout() or 0.0
    end_s, wait_s, said = time.monotonic() + limit_s, min(limit_s, patience_s), b""
    try:
        while wait_s > 0 and len(said) < LIMIT_BYTES:
            connection.settimeout(wait_s)
            piece = connection.recv(LIMIT_BYTES - len(said))
            if not piece:
                break
            wire.received(len(piece))
            said += piece
            if whole(said):
                break
            wait_s = min(_patience(said, limit_s), end_s - time.monotonic())
    except TimeoutError:
        pass
    except OSError:
        if not said:
            raise
    finally:
        connection.settimeout(limit_s)
    return said


def _patience(said: bytes, limit_s: float) -> float:
    """An answer that says of itself that it goes on is waited for; any other may be over."""
    goes_on = said[:3].isdigit() or not said.endswith((b"\n", b" ")) and said[:5] == b"HTTP/"
    return limit_s if goes_on else min(QUIET_S, limit_s)
