"""One of several processes that serve the app: it listens to no port, and is handed connections."""

import asyncio
import logging
import signal
import socket
from contextlib import suppress

import pandas  # noqa: F401 (loaded before workers part, so that they share it)
import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import brigade.ui  # noqa: F401 (the same)
from brigade.engine.ready import make_ready
from brigade.errors import BrigadeError
from brigade.front import COOKIE
from brigade.releases import current_release
from brigade.server import application, server_config


class _Stay:
    """Tells a browser which worker it has, so that it comes back to the same."""

    def __init__(self, app: ASGIApp, number: int) -> None:
        self.app = app
        self.number = str(number)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        starts = {"http": "http.response.start", "websocket": "websocket.accept"}
        start = starts.get(scope["type"])
        if start is None or HTTPConnection(scope).cookies.get(COOKIE) == self.number:
            await self.app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == start:
                cookie = f"{COOKIE}={self.number}; Path=/; HttpOnly; SameSite=Lax"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, with_cookie)


class _Server(uvicorn.Server):
    """Uvicorn on connections that come through a channel."""

    def __init__(self, config: uvicorn.Config, channel: socket.socket) -> None:
        super().__init__(config)
        self.channel = channel
        self.said: int | None = None
        self.taken: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start without a listening socket."""
        await super().startup(sockets=[])
        self.channel.setblocking(False)
        asyncio.get_running_loop().add_reader(self.channel, self._receive)

    def _receive(self) -> None:
        try:
            message, descriptors, _, _ = socket.recv_fds(self.channel, 1, 1)
        except BlockingIOError:
            return
        if not message:  # who hands connections on is gone
            asyncio.get_running_loop().remove_reader(self.channel)
            self.should_exit = True
        for descriptor in descriptors:
            task = asyncio.create_task(self._take(socket.socket(fileno=descriptor)))
            self.taken.add(task)
            task.add_done_callback(self.taken.discard)

    async def _take(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        # Declared as any protocol's class; those that uvicorn has take what it hands them.
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    async def on_tick(self, counter: int) -> bool:
        """Say how many connections there are, when that has changed."""
        count = len(self.server_state.connections)
        if count != self.said:
            with suppress(BlockingIOError, BrokenPipeError):
                self.channel.send(count.to_bytes(4, "big"))
                self.said = count
        return await super().on_tick(counter)


def work(number: int, channel: socket.socket) -> None:
    """Serve the connections that come through a channel, until told to stop."""
    # Between the start and the server's own handlers, a stop ends it without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    named = f"%(levelname)s worker {number} %(name)s: %(message)s"
    logging.basicConfig(level=logging.WARNING, format=named)
    app = _Stay(application(), number)
    config = server_config(app, **{"logger.messageFormat": named})
    with suppress(KeyboardInterrupt):
        _Server(config, channel).run()


def build_database() -> None:
    """Make what the release in force is served from, where it isn't there."""
    with suppress(BrigadeError):  # the page that needs it says it to the reader
        make_ready(current_release())
