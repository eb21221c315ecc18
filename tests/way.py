"""A way to a server that can be cut at a chosen moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

COMMIT = b"COMMIT"


class Way:
    """Passes everything on in both directions, until it is told to cut a connection."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self.url = ""
        self.cuts = 0
        self._wanted = self._after = b""
        self._arrives = True
        self._open: set[asyncio.Task[None]] = set()

    def cut_at(self, wanted: bytes, *, arrives: bool, after: bytes = b"") -> None:
        """Cuts the next connection on which the client sends these bytes, if those before came by there.

        They arrive or not, and nothing comes back.
        """
        self._wanted, self._after, self._arrives = wanted, after, arrives

    def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Opens the way for a connection."""
        task = asyncio.create_task(self._carry(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def close(self) -> None:
        """Ends every connection."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, forth = await asyncio.open_connection(self._there.hostname, self._there.port)
        except BaseException:
            writer.close()
            raise
        is_cut = asyncio.Event()
        ways = [
            asyncio.create_task(self._forth(reader, forth, is_cut)),
            asyncio.create_task(self._back(back, writer, is_cut)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in ways:
                one.cancel()
            for end in (writer, forth):
                end.close()
            for end in (writer, forth):
                with suppress(OSError):
                    await end.wait_closed()

    async def _forth(self, reader: asyncio.StreamReader, forth: asyncio.StreamWriter, is_cut: asyncio.Event) -> None:
        is_next = False
        with suppress(OSError):
            while data := await reader.read(65536):
                is_next = bool(self._wanted) and (is_next or self._after in data)
                if is_next and self._wanted in data:
                    self._wanted = b""
                    self.cuts += 1
                    is_cut.set()
                    if not self._arrives:
                        return
                forth.write(data)
                await forth.drain()
                if is_cut.is_set():
                    await asyncio.sleep(0.2)  # the server has done it by then
                    return

    async def _back(self, back: asyncio.StreamReader, writer: asyncio.StreamWriter, is_cut: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await back.read(65536):
                if not is_cut.is_set():
                    writer.write(data)
                    await writer.drain()


@asynccontextmanager
async def way_to(url: str) -> AsyncIterator[Way]:
    """A way to the server of an address, with an address of its own."""
    way, parts = Way(url), urlsplit(url)
    server = await asyncio.start_server(way.connect, "127.0.0.1", 0)
    who, at, _ = parts.netloc.rpartition("@")
    way.url = urlunsplit(parts._replace(netloc=f"{who}{at}127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    try:
        async with server:
            yield way
    finally:
        await way.close()
