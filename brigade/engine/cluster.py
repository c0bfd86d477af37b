"""One session with a Spark Connect server: opened when first needed, and anew when it was lost."""

import logging
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import grpc

with warnings.catch_warnings():
    # It warns of pandas 3, which is used for nothing here: results come as Arrow.
    warnings.simplefilter("ignore", FutureWarning)
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client import DefaultChannelBuilder
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

from brigade.engine.failures import no_address, no_answer, not_opened, session_is_gone

ANSWER_SECONDS = 5.0
"""How long a server may take to answer at all."""
REST_SECONDS = 5.0
"""So long after it didn't, it isn't asked again: a page has many views, and each would wait."""

FAILURES = (PySparkException, grpc.RpcError)
"""What the client raises."""

_SETTINGS = {
    # Times in a release have no zone; whatever is reckoned with them must not add one.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # Rows that can't be read must not be missing from a figure without a word.
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
}

# What goes wrong is said once, with a code, by whoever asked.
logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL)


class Session:
    """One session of the server, and the views that were made in it."""

    def __init__(self, address: str) -> None:
        self.spark: SparkSession = SparkSession.builder.remote(address).create()
        self.spark.client.set_retry_policies([DefaultPolicy(max_retries=4, max_backoff=1000)])
        for name, value in _SETTINGS.items():
            self.spark.conf.set(name, value)
        self.views: set[str] = set()
        self.making = threading.RLock()

    @contextmanager
    def tagged(self, tag: str) -> Iterator[None]:
        """Mark what this thread asks, so that it can be stopped."""
        self.spark.addTag(tag)
        try:
            yield
        finally:
            self.spark.removeTag(tag)

    def stop(self, tag: str) -> None:
        """Stop what was marked so."""
        try:
            self.spark.interruptTag(tag)
        except FAILURES as error:
            logging.getLogger(__name__).warning("%s could not be stopped: %s", tag, error)


class Cluster:
    """The server at one address; sound over threads."""

    def __init__(self, address: str) -> None:
        """Nobody is asked yet; :class:`EngineError` when it isn't an address at all."""
        self._address = address
        self.name = address.partition("/;")[0]
        """The address without what may follow it, such as a token."""
        try:
            DefaultChannelBuilder(address)
        except (PySparkException, ValueError) as error:
            raise no_address(self.name) from error
        self._session: Session | None = None
        self._failed: float | None = None
        self._lock = threading.Lock()

    def session(self) -> Session:
        """The session, opened if there is none; :class:`EngineError` when that can't be."""
        with self._lock:
            if self._session is None:
                if self._failed is not None and time.monotonic() - self._failed < REST_SECONDS:
                    raise no_answer(self.name)
                try:
                    self._greet()
                    self._session = Session(self._address)
                except (*FAILURES, grpc.FutureTimeoutError) as error:
                    self._failed = time.monotonic()
                    raise not_opened(error, self.name) from error
            return self._session

    def _greet(self) -> None:
        """Wait until the server answers. Asked straight away, the client would try for minutes."""
        channel = DefaultChannelBuilder(self._address).toChannel()
        try:
            grpc.channel_ready_future(channel).result(timeout=ANSWER_SECONDS)
        finally:
            channel.close()

    def forget(self, session: Session) -> None:
        """Open another session next time, if this is still the one in use."""
        with self._lock:
            if self._session is session:
                self._session = None

    def forget_if_gone(self, session: Session, error: Exception) -> bool:
        """Forget a session that the server has ended, as it does after an hour without a query."""
        if not session_is_gone(error):
            return False
        self.forget(session)
        return True
