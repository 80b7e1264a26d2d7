"""Ask open TCP ports, in few bytes, who they are. Never writes to a fragile port.

Orders: {"services": [[address, port, tls_first], …], "timeout_s", "pause_s", "parallel"}. Prints
one record a service: {"address", "port", "greeting", "answers", "certificate", "error"}; bytes as
Latin-1.
"""

import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msptool.audit import smb
from msptool.audit.ports import FRAGILE
from msptool.audit.workers import stdin

LIMIT_BYTES = 16 * 1024


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
            return
        greeting = _read(connection)
        record["greeting"] = greeting
        if greeting.startswith("220") and _is_ftp(port, greeting):
            _ask_ftp(connection, record["answers"])
        elif not greeting:
            record["answers"]["http"] = _ask_http(connection, address)


def _is_ftp(port: int, greeting: str) -> bool:
    """Tell FTP from SMTP, which greets with 220 too and names itself."""
    return port in (21, 2121, 990) or bool(re.search(r"\bftp", greeting, re.IGNORECASE))


def _ask_ftp(connection: socket.socket, answers: dict[str, str]) -> None:
    """Try the anonymous login once (RFC 1635) and leave."""
    connection.sendall(b"USER anonymous\r\n")
    answers["ftp-user"] = _read(connection)
    if answers["ftp-user"].startswith("331"):
        connection.sendall(b"PASS audit@example.invalid\r\n")
        answers["ftp-pass"] = _read(connection)
    connection.sendall(b"QUIT\r\n")


def _ask_smb(connection: socket.socket, answers: dict[str, str]) -> None:
    connection.sendall(smb.negotiate())
    answers["smb-negotiate"] = _read(connection)
    if answers["smb-negotiate"]:
        connection.sendall(smb.session_setup())
        answers["smb-setup"] = _read(connection)


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
    return _read(connection)


def _read(connection: socket.socket) -> str:
    """Return what is said next, "" where nothing comes in time."""
    try:
        return connection.recv(LIMIT_BYTES).decode("latin-1")
    except TimeoutError:
        return ""


if __name__ == "__main__":
    main()
