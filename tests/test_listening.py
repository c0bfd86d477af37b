"""The socket at which browsers reach the app."""

import socket

import pytest

from brigade.errors import BrigadeError
from brigade.listening import listening


def test_the_last_small_piece_of_a_page_is_not_held_back() -> None:
    with listening("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()):
            listener.setblocking(True)
            accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_that_is_taken_is_said() -> None:
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(BrigadeError, match=f"127.0.0.1:{port}"):
            listening("127.0.0.1", port)
