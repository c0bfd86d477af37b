"""One visitor of a Streamlit app: the browser's side of the conversation, without a browser.

Speaks Streamlit's own protobuf messages over a WebSocket, keeps the widgets' states, the address
and the messages as the front end does, and knows when a run of the script has ended.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

KEPT_RUNS = 2
"""For how many runs a browser keeps a message that may come again."""


@dataclass
class Widget:
    """A widget as the front end holds it: the field of its state, its value, its bound name."""

    field: str
    value: Any
    default: Any
    bound: str

    def state(self, id: str) -> WidgetState:
        """Its state as it is sent."""
        state = WidgetState(id=id)
        if self.field == "string_array_value":
            state.string_array_value.data.extend(self.value)
        elif self.value is not None:
            setattr(state, self.field, self.value)
        return state


@dataclass
class Run:
    """One run of the page's script: how long it took, and what it wrote."""

    seconds: float = 0.0
    bytes: int = 0
    messages: int = 0
    figures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Visitor:
    """A person with a page open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._path = parts.netloc, parts.path.strip("/")
        self._address = address
        self._socket: ClientConnection | None = None
        self._page = ""
        self._widgets: dict[str, Widget] = {}
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}
        self._runs = 0

    async def open(self) -> Run:
        """Fetch the front page, for its cookies, connect, and have the page run once."""
        cookie = _cookie_of(self._host, f"/{self._path}")
        headers = {"Cookie": cookie} if cookie else {}
        self._socket = await connect(
            f"ws://{self._host}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(f"http://{self._host}"),
            additional_headers=headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            proxy=None,
        )
        return await self._run()

    async def close(self) -> None:
        """Close the page."""
        if self._socket is not None:
            await self._socket.close()

    def options(self, key: str) -> list[str]:
        """What a widget offers."""
        return self._options[self._id(key)]

    def value(self, key: str) -> Any:
        """What a widget holds."""
        return self._widgets[self._id(key)].value

    async def change(self, key: str, value: str | Sequence[str]) -> Run:
        """Choose in a widget, and have the page run."""
        self._widgets[self._id(key)].value = value if isinstance(value, str) else list(value)
        return await self._run()

    def _id(self, key: str) -> str:
        return next(id for id in self._widgets if id.endswith(f"-{key}"))

    async def _run(self) -> Run:
        socket = self._socket
        if socket is None:
            raise RuntimeError("The page is not open.")
        run = Run()
        seen: dict[str, Widget] = {}
        self._options: dict[str, list[str]] = {}
        started = time.perf_counter()
        await socket.send(self._asking().SerializeToString())
        while True:
            payload = await socket.recv(decode=False)
            run.bytes += len(payload)
            run.messages += 1
            message = self._message(payload)
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._take(message.delta.new_element, run, seen)
            elif kind == "new_session":
                run.figures.clear()
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    break
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    run.errors.append("The script does not compile.")
                    break
        run.seconds = time.perf_counter() - started
        self._widgets = seen
        self._runs += 1
        self._kept = {
            hash: (message, used)
            for hash, (message, used) in self._kept.items()
            if used > self._runs - KEPT_RUNS
        }
        return run

    def _message(self, payload: bytes) -> ForwardMsg:
        """A message as it came, or the kept one that it stands for."""
        message = ForwardMsg()
        message.ParseFromString(payload)
        if message.WhichOneof("type") == "ref_hash":
            message = self._kept[message.ref_hash][0]
        if message.metadata.cacheable:
            self._kept[message.hash] = (message, self._runs)
        return message

    def _asking(self) -> BackMsg:
        message = BackMsg()
        client = message.rerun_script
        client.query_string = urlencode(
            [
                (widget.bound, value)
                for widget in self._widgets.values()
                if widget.bound and widget.value != widget.default
                for value in (widget.value if isinstance(widget.value, list) else [widget.value])
            ]
        )
        client.widget_states.SetInParent()
        client.widget_states.widgets.extend(w.state(id) for id, w in self._widgets.items())
        if self._page:
            client.page_script_hash = self._page
        else:
            client.page_name = self._path
        client.cached_message_hashes.extend(self._kept)
        about = client.context_info
        about.timezone, about.timezone_offset, about.locale = "Asia/Shanghai", -480, "zh-CN"
        about.url, about.color_scheme = self._address, "light"
        return message

    def _take(self, element: Element, run: Run, seen: dict[str, Widget]) -> None:
        """Take in one element: a figure, an error or a widget."""
        kind = element.WhichOneof("type")
        if kind == "metric":
            run.figures.append(element.metric.body)
        elif kind == "bidi_component":
            said = json.loads(element.bidi_component.bytes or "null")
            # A row of key figures is a list; a view is not.
            if isinstance(said, list):
                run.figures.extend(card["value"] for card in said)
        elif kind == "exception":
            run.errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            run.errors.append(element.alert.body)
        elif kind in _WIDGETS:
            drawn = getattr(element, kind)
            state, default, value = _WIDGETS[kind](drawn)
            if not drawn.set_value and drawn.id in self._widgets:
                value = self._widgets[drawn.id].value
            elif not drawn.set_value:
                value = default
            seen[drawn.id] = Widget(state, value, default, drawn.query_param_key)
            if kind in ("multiselect", "selectbox"):
                self._options[drawn.id] = list(drawn.options)


def _multiselect(drawn: Any) -> tuple[str, Any, Any]:
    default = [drawn.options[index] for index in drawn.default]
    return "string_array_value", default, list(drawn.raw_values)


def _button_group(drawn: Any) -> tuple[str, Any, Any]:
    default = [drawn.options[index].content for index in drawn.default]
    return "string_array_value", default, list(drawn.raw_values)


def _selectbox(drawn: Any) -> tuple[str, Any, Any]:
    default = drawn.options[drawn.default] if drawn.HasField("default") else None
    return "string_value", default, drawn.raw_value if drawn.HasField("raw_value") else None


_WIDGETS = {
    "multiselect": _multiselect,
    "button_group": _button_group,
    "selectbox": _selectbox,
    "text_input": lambda drawn: ("string_value", drawn.default, drawn.value),
    "date_input": lambda drawn: ("string_array_value", list(drawn.default), list(drawn.value)),
    "checkbox": lambda drawn: ("bool_value", drawn.default, drawn.value),
    "pagination": lambda drawn: ("int_value", drawn.default, drawn.value),
}
"""For each kind of widget on the pages measured: the field of its state, its default, and the value
that the script sets."""


def _cookie_of(host: str, path: str) -> str:
    """The cookies that the front page sets."""
    connection = HTTPConnection(host, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        set_by = answer.headers.get_all("Set-Cookie") or []
        return "; ".join(cookie.split(";")[0] for cookie in set_by)
    finally:
        connection.close()
