"""PID 1 of the LAN: lays the wires, serves, counts on order, and ends when its input does.

The first line of stdin is the plan; later ones are orders, each answered by a line on stdout:
{"do": "count"} begins to count, {"do": "tally"} ends it and tells what was counted.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from msptool.demo.holder import kernel
from tests.lab.audit.lan.inside import certificates, datagrams
from tests.lab.audit.lan.inside.serve import Server, Tally
from tests.lab.audit.lan.inside.wires import Wires
from tests.lab.audit.lan.truth import Lan


def main() -> None:
    """Serve until stdin ends."""
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)
    # Keys need no disk: a tmpfs of our own mount namespace goes with us.
    kernel.mount_tmpfs("/mnt")
    lan = msgspec.json.decode(sys.stdin.buffer.readline(), type=Lan)
    try:
        network = Network(lan, Wires(lan))
        asyncio.run(network.live())
    except OSError as error:
        _tell(ok=False, why=str(error))
    os._exit(0)


def _tell(**answer: Any) -> None:
    print(json.dumps(answer), flush=True)


class Network:
    """The running LAN."""

    def __init__(self, lan: Lan, wires: Wires) -> None:
        self._lan, self._wires, self._tally = lan, wires, Tally()
        self._counter: asyncio.subprocess.Process | None = None
        self._servers: list[Any] = []

    async def live(self) -> None:
        """Serve, and obey orders until there can be no more."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, _context: None)  # a client's bad TLS, mostly
        await self._serve()
        _tell(ok=True)
        orders = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        while line := await orders.readline():
            if json.loads(line)["do"] == "count":
                await self._count()
                _tell(ok=True)
            else:
                _tell(ok=True, **await self._told())

    async def _serve(self) -> None:
        folder = Path(tempfile.mkdtemp(dir="/mnt"))
        loop = asyncio.get_running_loop()
        for host in self._lan.hosts:
            context = certificates.context(host, folder)
            answers = datagrams.answers(self._lan, host)
            with self._wires.inside(self._wires.hosts[host.address]):
                ports = [(service, _listening(service.port)) for service in host.services]
                sockets = [(_bound(port), answer) for port, answer in answers.items()]
            for service, sock in ports:
                server = Server(host, service, context, self._tally)
                self._servers.append(await server.start(sock))
            for bound, answer in sockets:
                made = partial(datagrams.Endpoint, answer)
                self._servers.append(await loop.create_datagram_endpoint(made, sock=bound))

    async def _count(self) -> None:
        self._tally.clear()
        module = "tests.lab.audit.lan.inside.counter"
        self._counter = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, self._wires.interface, self._lan.network),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._counter.stdout is not None
        await self._counter.stdout.readline()

    async def _told(self) -> dict[str, Any]:
        assert self._counter is not None
        told, _ = await self._counter.communicate(
            b""
        )  # an input, if empty: else its end is not told
        counted: dict[str, Any] = json.loads(told)
        fragile = [
            {"address": host.address, "port": service.port,
             "accepted": self._tally.accepted[host.address, service.port],
             "bytes": self._tally.bytes[host.address, service.port]}
            for host, service in self._lan.services() if service.fragile
        ]  # fmt: skip
        return {**counted, "fragile": fragile}


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("0.0.0.0", port))  # noqa: S104 - in a namespace of its own
    made.listen(128)
    made.setblocking(False)
    return made


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("0.0.0.0", port))  # noqa: S104 - in a namespace of its own
    made.setblocking(False)
    return made


if __name__ == "__main__":
    main()
