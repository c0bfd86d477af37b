"""Several processes behind one address: each connection is handed to the worker of its browser.

This process listens, looks at the head of what a connection asks first, chooses the worker, and
passes the connection itself on: from then on browser and worker talk directly, and nothing that
they say goes through here. A browser stays with its worker by a cookie, since a session and the
files that it uploads and downloads live in one process.
"""

import asyncio
import logging
import multiprocessing
import os
import re
import secrets
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from brigade.errors import BrigadeError
from brigade.listening import listening
from brigade.text import Text

if TYPE_CHECKING:  # Windows has none of them
    from multiprocessing.context import ForkServerContext, ForkServerProcess

_log = logging.getLogger(__name__)

COOKIE = "brigade_worker"
"""The cookie that names a browser's worker."""
WORKER = "brigade.worker"
"""The module of the workers: loaded in their processes alone, so that this one stays small."""

HEAD_BYTES = 64 * 1024
"""How much of a request is looked at for its cookie."""
HEAD_S = 10.0
"""How long a connection may take to say what it wants."""
STOP_S = 10.0
"""How long workers may take to end by themselves."""
QUICK_S = 10.0
"""A worker that ends sooner than this is started again with a pause, longer each time."""
LONGEST_PAUSE_S = 30.0

_ASKED = re.compile(rb"^cookie:[^\r\n]*\b" + COOKIE.encode() + rb"=(\d{1,4})", re.I | re.M)


def worker_asked(head: bytes, workers: int) -> int | None:
    """The number of the worker that a request's cookie names; None where it has no cookie.

    A number from a time with more workers still stands for one and the same.
    """
    found = _ASKED.search(head.partition(b"\r\n\r\n")[0])
    return (int(found[1]) - 1) % workers + 1 if found else None


class _Worker:
    """One worker's process, the channel to it, and how many connections it has."""

    def __init__(self, context: "ForkServerContext", number: int) -> None:
        self.number = number
        self.ready = False
        self.open = self.handed = 0
        self.pause = 0.0
        self._context = context
        self._renew()

    @property
    def load(self) -> int:
        """The connections that it has, as far as is known."""
        return self.open + self.handed

    def _renew(self) -> None:
        """A new channel; what is handed to it waits until the process is there."""
        self.channel, self._end = socket.socketpair()
        self.channel.setblocking(False)
        self.open = self.handed = 0

    def start(self) -> None:
        """Start the process."""
        self.process: ForkServerProcess = self._context.Process(
            target=_work, args=(self.number, self._end), name=f"worker {self.number}"
        )
        self.started = time.monotonic()
        self.process.start()
        self._end.close()

    def ended(self) -> float:
        """Forget a process that has ended; seconds until it should be started again."""
        quick = time.monotonic() - self.started < QUICK_S
        self.pause = min(LONGEST_PAUSE_S, 2 * self.pause or 1.0) if quick else 0.0
        self.channel.close()
        self._renew()
        return self.pause

    def listen(self) -> None:
        """Take in how many connections it says it has."""
        try:
            said = self.channel.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:  # it is ending
            asyncio.get_running_loop().remove_reader(self.channel)
            return
        self.open, self.handed = int.from_bytes(said[-4:], "big"), 0
        self.ready = True

    async def hand(self, connection: socket.socket) -> None:
        """Pass a connection on."""
        while True:
            try:
                socket.send_fds(self.channel, [b"\0"], [connection.fileno()])
            except BlockingIOError:
                await asyncio.sleep(0.05)
            else:
                self.handed += 1
                return


class _Front:
    """The listening process."""

    def __init__(self, listener: socket.socket, workers: int) -> None:
        context = multiprocessing.get_context("forkserver")
        # What every worker loads is loaded once, and shared by all.
        context.set_forkserver_preload([WORKER])
        self.context = context
        self.listener = listener
        self.workers = [_Worker(context, number + 1) for number in range(workers)]
        self.failed = False
        self.stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until told to stop, or until a worker can't be started at all."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self.stop.set)
        for worker in self.workers:
            self._start(worker)
        accepting = asyncio.create_task(self._accept())
        await self.stop.wait()
        accepting.cancel()
        self.listener.close()
        await self._end_all()

    def _start(self, worker: _Worker) -> None:
        loop = asyncio.get_running_loop()
        worker.start()
        print(f"worker {worker.number}: process {worker.process.pid}", flush=True)
        loop.add_reader(worker.channel, worker.listen)
        loop.add_reader(worker.process.sentinel, self._ended, worker)

    def _ended(self, worker: _Worker) -> None:
        """Start a worker that has ended again; its browsers connect anew by themselves."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(worker.process.sentinel)
        loop.remove_reader(worker.channel)
        worker.process.join()
        if self.stop.is_set():
            return
        if not worker.ready:
            # It has never run: nor will it the next time.
            self.failed = True
            self.stop.set()
            return
        _log.error("worker %s ended with %s", worker.number, worker.process.exitcode)
        loop.call_later(worker.ended(), self._again, worker)

    def _again(self, worker: _Worker) -> None:
        if not self.stop.is_set():
            self._start(worker)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self.listener)
            except OSError as error:  # the other side went away, or there are too many
                _log.warning("%s", error)
                await asyncio.sleep(0.1)
                continue
            task = asyncio.create_task(self._hand_over(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hand_over(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, TimeoutError):
            async with asyncio.timeout(HEAD_S):
                head = await _head(connection)
            number = worker_asked(head, len(self.workers)) if head else 0
            if number != 0:
                await self._chosen(number).hand(connection)

    def _chosen(self, number: int | None) -> _Worker:
        if number is not None:
            return self.workers[number - 1]
        return min(self.workers, key=lambda worker: worker.load)

    async def _end_all(self) -> None:
        running = [w.process for w in self.workers if w.process.is_alive()]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_S
        while any(p.is_alive() for p in running) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        for process in running:
            process.kill()
            process.join()


async def _head(connection: socket.socket) -> bytes:
    """The head of a connection's first request, left unread for the worker; empty where none
    came."""
    while True:
        await _readable(connection)
        head = connection.recv(HEAD_BYTES, socket.MSG_PEEK)
        if not head or b"\r\n\r\n" in head or len(head) == HEAD_BYTES:
            return head
        # What was looked at is still there to be read: wait for more.
        await asyncio.sleep(0.01)


def _settle(there: asyncio.Future[None]) -> None:
    if not there.done():
        there.set_result(None)


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    there: asyncio.Future[None] = loop.create_future()
    loop.add_reader(connection, _settle, there)
    try:
        await there
    finally:
        loop.remove_reader(connection)


def _work(number: int, channel: socket.socket) -> None:
    import_module(WORKER).work(number, channel)


def _build() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # to be stopped without a word
    import_module(WORKER).build_database()


def serve_with(workers: int, host: str, port: int) -> int:
    """Serve with several processes until stopped; 1 where they can't be started.

    Raises :class:`BrigadeError` where the address is taken or the system can't pass connections on.
    """
    if not hasattr(socket, "send_fds"):
        raise BrigadeError(
            Text(
                f"{sys.platform} 不支持 --workers。请启动多个 brigade serve，前面放 nginx：见 "
                "docs/serving.md",
                f"{sys.platform} can't do --workers. Start several brigade serve behind nginx: "
                "see docs/serving.md",
            )
        )
    with listening(host, port) as listener:
        # One for all: who is signed in stays so when a worker is started again.
        os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", secrets.token_hex(32))
        # They share the processors out.
        os.environ.setdefault("BRIGADE_THREADS", "1")
        front = _Front(listener, workers)
        print(f"http://{host}:{port} ({workers} workers)", flush=True)
        # Once, before several of them find at the same time that it isn't there.
        building = front.context.Process(target=_build)
        building.start()
        building.join()
        asyncio.run(front.run())
    return int(front.failed)
