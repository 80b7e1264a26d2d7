"""Ask open TCP ports, in few bytes, who they are. Never writes to a fragile port.

Orders: {"services": [[address, port, tls_first], …], "timeout_s", "pause_s", "parallel"}. Prints
one record a service: {"address", "port", "greeting", "answers", "certificate", "error"}; bytes as
Latin-1.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msptool.audit import smb
from msptool.audit.ports import FRAGILE
from msptool.audit.workers import stdin

LIMIT_BYTES = 16 * 1024
# How long a reply whose end nothing marks may pause between two segments.
QUIET_S = 0.3
# How long to wait for the next piece, told by what has come: 0.0 where that is whole.
Patience = Callable[[bytes, float], float]


def main() -> None:
    """Grab every ordered service of the targets that the gate let through."""
    targets, orders = stdin.read()
    allowed = set(targets)
    wanted = [s for s in orders["services"] if s[0] in allowed and s[1] not in FRAGILE]
    by_host: dict[str, list[list[Any]]] = {}
    for service in wanted:
        by_host.setdefault(service[0], []).append(service)
    with ThreadPoolExecutor(int(orders["parallel"])) as pool:
        for records in pool.map(lambda s: _grab_host(s, orders), by_host.values()):
            for record in records:
                stdin.tell(**record)


def _grab_host(services: list[list[Any]], orders: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask one host's services one after the other: a small device has few connections to give."""
    records = []
    for address, port, tls_first in services:
        records.append(grab(address, port, tls_first, timeout_s=float(orders["timeout_s"])))
        time.sleep(float(orders["pause_s"]))
    return records


def grab(address: str, port: int, tls_first: bool, *, timeout_s: float) -> dict[str, Any]:
    """Return what one service says; never raises for what the network does."""
    record: dict[str, Any] = {"address": address, "port": port, "answers": {}}
    try:
        if tls_first:
            _over_tls(address, port, timeout_s, record)
        else:
            _in_clear(address, port, timeout_s, record)
    except (OSError, ValueError) as error:
        record["error"] = type(error).__name__
    return record


def _in_clear(address: str, port: int, timeout_s: float, record: dict[str, Any]) -> None:
    with socket.create_connection((address, port), timeout_s) as connection:
        if port == 445:  # never speaks first
            _ask_smb(connection, record["answers"])
        else:
            converse(connection, address, port, record)


def converse(connection: socket.socket, address: str, port: int, record: dict[str, Any]) -> None:
    """Hear the greeting, ask FTP for the anonymous login, and a silent port for a web page.

    What answers a request for a page with anything but HTTP only greeted late, or did not know
    what it was asked: it goes by its words like any other greeting.
    """
    record["greeting"] = greeting = _read(connection, _greeting)
    if _may_ask_ftp(port, greeting):
        _ask_ftp(connection, record["answers"])
    elif not greeting:
        told = _ask_http(connection, address)
        if told and not told.startswith("HTTP/"):
            record["greeting"] = told
        else:
            record["answers"]["http"] = told


def _may_ask_ftp(port: int, greeting: str) -> bool:
    """An FTP greeting that came to its end: what follows answers us, and is not its rest."""
    ended = greeting.startswith("220") and re.search(r"^220(?![-\d])", greeting, re.MULTILINE)
    return bool(ended) and _is_ftp(port, greeting)


def _is_ftp(port: int, greeting: str) -> bool:
    """Tell FTP from SMTP, which greets with 220 too and names itself."""
    return port in (21, 2121, 990) or bool(re.search(r"\bftp", greeting, re.IGNORECASE))


def _ask_ftp(connection: socket.socket, answers: dict[str, str]) -> None:
    """Try the anonymous login once (RFC 1635) and leave."""
    connection.sendall(b"USER anonymous\r\n")
    answers["ftp-user"] = _read(connection, _reply)
    if answers["ftp-user"].startswith("331"):
        connection.sendall(b"PASS audit@example.invalid\r\n")
        answers["ftp-pass"] = _read(connection, _reply)
    connection.sendall(b"QUIT\r\n")


def _ask_smb(connection: socket.socket, answers: dict[str, str]) -> None:
    connection.sendall(smb.negotiate())
    answers["smb-negotiate"] = _read(connection, _message)
    if answers["smb-negotiate"]:
        connection.sendall(smb.session_setup())
        answers["smb-setup"] = _read(connection, _message)


def _over_tls(address: str, port: int, timeout_s: float, record: dict[str, Any]) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        socket.create_connection((address, port), timeout_s) as raw,
        context.wrap_socket(raw) as connection,
    ):
        record["certificate"] = (connection.getpeercert(binary_form=True) or b"").hex()
        record["answers"]["http"] = _ask_http(connection, address)


def _ask_http(connection: socket.socket, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    connection.sendall(f"GET / HTTP/1.0\r\nHost: {host}\r\nUser-Agent: msptool\r\n\r\n".encode())
    return _read(connection, _page)


def _read(connection: socket.socket, patience: Patience) -> str:
    """Return what is said next, all its segments; "" where nothing comes in time.

    The connection's own timeout bounds the whole, so that no server can drip for ever.
    """
    limit_s = connection.gettimeout() or 0.0
    end_s, wait_s, said = time.monotonic() + limit_s, limit_s, b""
    try:
        while wait_s > 0 and len(said) < LIMIT_BYTES:
            connection.settimeout(wait_s)
            piece = connection.recv(LIMIT_BYTES - len(said))
            if not piece:
                break
            said += piece
            wait_s = min(patience(said, limit_s), end_s - time.monotonic())
    except TimeoutError:
        pass
    except OSError:
        if not said:
            raise
    finally:
        connection.settimeout(limit_s)
    return said.decode("latin-1")


def _reply(said: bytes, limit_s: float) -> float:
    """A reply of FTP or SMTP ends with a line of its code and a space (RFC 959 4.2)."""
    ended = re.search(rb"^%b(?!-)[^\n]*\n" % re.escape(said[:3]), said, re.MULTILINE)
    return 0.0 if ended else limit_s


def _greeting(said: bytes, limit_s: float) -> float:
    if re.match(rb"\d{3}[ -]", said):
        return _reply(said, limit_s)
    return 0.0 if said.startswith(b"SSH-") and said.endswith(b"\n") else QUIET_S


def _page(said: bytes, limit_s: float) -> float:
    """The head of a page is enough."""
    return 0.0 if re.search(rb"\r?\n\r?\n", said) else QUIET_S


def _message(said: bytes, limit_s: float) -> float:
    """SMB over TCP counts its bytes ahead (RFC 1002 4.3.1, MS-SMB2 2.1)."""
    return 0.0 if len(said) >= 4 + int.from_bytes(said[1:4], "big") else limit_s


if __name__ == "__main__":
    main()
