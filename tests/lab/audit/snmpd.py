"""A real snmpd on a high port of 127.0.0.1, with a user for each pair of methods that it knows."""

import itertools
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msptool.audit.snmp.engine import Credential
from msptool.demo import tools

ENGINE_ID = "80001f8803aabbccddeeff"
COMMUNITY = "c0mmunity"
AUTHS = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIVS = ("", "DES", "AES", "AES-192", "AES-256")
# What may answer: others of its modules read all of this machine, for seconds.
_MODULES = "vacm_conf,usmConf,usmUser,snmpEngine,system_mib,sysORTable,ifTable,ifXTable,snmp_mib"


def users() -> list[Credential]:
    """Return a credential for each pair of methods."""
    return [
        Credential(
            label=f"{auth} {priv or '-'}",
            version="3",
            user=f"u{auth}{priv}".replace("-", ""),
            auth=auth,
            auth_password="the digest's word",
            priv=priv,
            priv_password="the cipher's word" if priv else "",
        )
        for auth, priv in itertools.product(AUTHS, PRIVS)
    ]


def config() -> str:
    """Return the configuration: communities, users, the system group."""
    lines = [
        f"rocommunity {COMMUNITY}",
        f"exactEngineID 0x{ENGINE_ID}",
        "sysDescr a switch of the lab",
        "sysName lab-switch",
        "sysObjectID .1.3.6.1.4.1.8072.3.2.10",
        "createUser nobody",
        "rouser nobody noauth",
    ]
    for one in users():
        hidden = f' {one.priv} "{one.priv_password}"' if one.priv else ""
        lines.append(f'createUser {one.user} {one.auth} "{one.auth_password}"{hidden}')
        lines.append(f"rouser {one.user} {'priv' if one.priv else 'auth'}")
    return "\n".join((*lines, ""))


@contextmanager
def running(folder: Path, text: str | None = None, port: int = 0) -> Iterator[int]:
    """Yield the port of a running snmpd; its state stays in the folder."""
    port = port or _free_port()
    (folder / "config").write_text(config() if text is None else text)
    tool = tools.find("snmpd")
    argv = [
        tool.path, *tool.args, "-f", "-Le", "-C", "-c", str(folder / "config"), "-I", _MODULES,
        "-p", str(folder / "pid"), f"udp:127.0.0.1:{port}",
    ]  # fmt: skip
    env = {"SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": "", **tool.env}
    with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as it:
        try:
            _wait_for(port, it)
            yield port
        finally:
            it.terminate()
            it.wait(10)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int, it: "subprocess.Popen[bytes]") -> None:
    from msptool.audit.snmp import engine_id

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(0.1)
        one.connect(("127.0.0.1", port))
        for _ in range(100):
            try:
                one.send(engine_id.QUESTION)
                one.recv(4096)
                return
            except OSError:
                if it.poll() is not None:
                    break
                time.sleep(0.05)
    it.kill()
    raise AssertionError((it.stderr.read() if it.stderr else b"").decode())
