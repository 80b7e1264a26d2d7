"""The services of every host, in one loop; every byte that comes is counted by its port."""

import asyncio
import ssl
from collections import Counter
from contextlib import suppress
from typing import Any

from tests.lab.audit.lan.truth import Host, Service
from tests.lab.audit.lan.voices.reply import Reply, Voice
from tests.lab.audit.lan.voices.voices import voice

_IDLE_S = 60.0
_DRIP_S = 1.0
# Beyond this nobody is asking who we are.
_LIMIT_BYTES = 64 * 1024
Port = tuple[str, int]


class Tally:
    """Bytes and connections by address and port, since the last look."""

    def __init__(self) -> None:
        self.bytes: Counter[Port] = Counter()
        self.accepted: Counter[Port] = Counter()

    def clear(self) -> None:
        """Begin anew."""
        self.bytes.clear()
        self.accepted.clear()


class Server:
    """One port of one host."""

    def __init__(
        self, host: Host, service: Service, context: ssl.SSLContext | None, tally: Tally
    ) -> None:
        self._host, self._service, self._context = host, service, context
        self._port = (host.address, service.port)
        self._tally = tally

    async def start(self, sock: Any) -> asyncio.Server:
        """Serve on a listening socket."""
        tls = self._context if self._service.tls and self._host.manner != "stall" else None
        return await asyncio.start_server(self._serve, sock=sock, ssl=tls)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tally.accepted[self._port] += 1
        try:
            await self._converse(reader, writer)
        except (OSError, TimeoutError, ssl.SSLError, asyncio.IncompleteReadError):
            pass  # the other end went; a server only goes on to its next
        finally:
            with suppress(OSError, RuntimeError):
                writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        speaker = voice(self._host, self._service)
        await self._say(writer, speaker.greeting)
        said = b""
        while len(said) < _LIMIT_BYTES:
            piece = await asyncio.wait_for(reader.read(4096), _IDLE_S)
            if not piece:
                return
            self._tally.bytes[self._port] += len(piece)
            said += piece
            reply = self._hear(speaker, said)
            if reply is None:
                continue
            said = b""
            await self._say(writer, reply.data)
            if reply.close:
                return
            if reply.tls and self._context is not None:
                await writer.start_tls(self._context)

    def _hear(self, speaker: Voice, said: bytes) -> Reply | None:
        return None if self._service.fragile else speaker.hear(said)

    async def _say(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if not data or self._host.manner == "stall":
            return
        if self._host.manner == "drip":
            for byte in data:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(_DRIP_S)
            return
        writer.write(data)
        await writer.drain()
