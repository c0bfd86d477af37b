"""Serving the app: Streamlit with the settings that an offline intranet needs."""

import base64
import gc
import hashlib
import logging
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import bootstrap
from streamlit.web.server.starlette.starlette_server import _get_uvicorn_config_kwargs

from brigade import house
from brigade.errors import BrigadeError, reference
from brigade.listening import listening
from brigade.releases import current_release
from brigade.releases.verify import faults
from brigade.text import Text
from brigade.theme import streamlit_options

_log = logging.getLogger(__name__)


def _script_hashes() -> str:
    """The hashes of the inline scripts of the installed front page, for the policy below."""
    page = Path(st.__file__).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


class _Headers:
    """Adds to every answer the headers that keep a browser from asking any other host."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        policy = (
            f"default-src 'self'; script-src 'self' {_script_hashes()} blob: 'wasm-unsafe-eval'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            "connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; "
            "object-src 'none'; base-uri 'self'; frame-ancestors 'self'; form-action 'self'"
        )
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.headers]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    # A private switch of Streamlit: while it is on, the very first deep link after a start shows
    # "Page not found" over the right page, since pages/ is also the old multipage mechanism.
    PagesManager.uses_pages_directory = False
    Thread(target=_load, daemon=True).start()
    yield {}


def _load() -> None:
    """Load what the pages need while the first browser is still loading the front end."""
    engines = import_module("brigade.engine.configured")
    try:
        release = current_release()
        local = engines.engine_for(release).local
    except BrigadeError as error:
        # The page that needs the release says it to the reader.
        _log.warning("%s", error.text.zh)
        local = False
    for module in ("brigade.ui", "pandas"):
        import_module(module)
    # A cluster's files may be many, and elsewhere: `brigade verify` looks at them when asked.
    for fault in faults(release) if local else ():
        _log.error("%s %s", fault.zh, fault.en)
    # What is loaded by now stays for good: a collector that skips it answers clicks sooner.
    gc.freeze()
    if local:
        # Releases that come with the app, or were published by an older one, lack what it reads
        # soonest. Nobody waits for it: until it is made the records are read.
        import_module("brigade.engine.ready").make_ready(release)
        import_module("brigade.engine.duckdb").use_rollups(release)


def say_failure(error: Exception) -> bool:
    """Tell the reader one sentence with a code, and the log the rest of an unforeseen error."""
    if isinstance(error, BrigadeError):
        text = error.text
    else:
        code = reference()
        _log.error("%s: a page failed", code, exc_info=error)
        text = Text(
            f"这一页出了意外的错误。请把编号 {code} 告诉管理员，日志里有详情；其他页面可照常使用。",
            f"Something unforeseen went wrong here. Tell the administrator the code {code}: "
            "the log has the details. The other pages go on working.",
        )
    lang = st.session_state.get("lang")
    st.error(text.in_("en" if lang == "en" else "zh"))
    return True


def application() -> st.App:
    """The ASGI application."""
    return st.App(
        house.APP,
        middleware=[Middleware(_Headers)],
        lifespan=_lifespan,
        on_script_error=say_failure,
    )


def _options() -> dict[str, Any]:
    """Streamlit's settings."""
    return {
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableXsrfProtection": True,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        # Streamlit's own CSV of a table would hold one page of rows: every view has its own.
        "client.disableDataExport": True,
        "runner.postScriptGC": False,
        # A drill sets what a widget holds before it is drawn: that is meant.
        "global.disableWidgetStateDuplicationWarning": True,
        **streamlit_options(),
    }


def serve(host: str, port: int) -> NoReturn:
    """Serve until stopped, and end the process.

    Raises :class:`BrigadeError` where the address can't be had.
    """
    with listening(host, port) as listener:
        print(f"http://{host}:{port}", flush=True)
        server = uvicorn.Server(server_config(application()))
        with suppress(KeyboardInterrupt):  # how a person stops it
            server.run(sockets=[listener])
    # A thread that still loads or answers is inside DuckDB or Arrow, and they abort when the
    # interpreter takes itself apart around them: the process ends without that.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if server.started else 1)


def server_config(app: ASGIApp, **options: Any) -> uvicorn.Config:
    """How the server is set up; ``options`` are added to Streamlit's settings."""
    bootstrap.load_config_options({**_options(), **options})
    return uvicorn.Config(
        app, **{**_get_uvicorn_config_kwargs(), "log_config": None, "log_level": "warning"}
    )
