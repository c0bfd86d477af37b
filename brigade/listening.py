"""The socket at which browsers reach the app."""

import socket

from brigade.errors import BrigadeError
from brigade.text import Text


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at an address.

    Raises :class:`BrigadeError` where the address can't be had.
    """
    try:
        [(family, _, _, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise BrigadeError(
            Text(
                f"地址 {host}:{port} 用不了（{error.strerror}）。请换一个端口：--port",
                f"Address {host}:{port} can't be used ({error.strerror}). "
                "Choose another port: --port",
            )
        ) from error
    # A page comes in several pieces, and the last is small: without this the system holds it back
    # until the browser has confirmed the others, which takes browsers 40 ms. What is accepted
    # takes it over.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setblocking(False)
    return listener
