"""A program of its own that parses and runs SQL over one release and can be ended at any moment.

:mod:`brigade.engine.sandbox` starts it. It reads one request a line, as JSON, and answers each by a
line; rows follow their line as an Arrow stream. It knows nothing of the house and is run by its
path, so that it starts fast and imports nothing that a question could reach.
"""

import json
import os
import sys
import threading
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

try:
    import resource
except ImportError:  # not on Windows, where only the time is limited from outside
    resource = None  # type: ignore[assignment]

WRAPPED = "select * from (\n{sql}\n) as answer"
"""How a question stands in what is run: its text can't end there what it has not begun."""

_TREE = (
    "select json_serialize_sql($text::varchar, skip_default := true, skip_null := true,"
    " skip_empty := true)"
)


def _open(database: str, release: str, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """A database that holds the release and can reach nothing else, nor write to the disk."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": "",
            "threads": "2",
        },
    )
    path = database.replace("'", "''")
    connection.execute(f"attach '{path}' as {release} (read_only)")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _parse(connection: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """The tree of a text, the text that DuckDB writes of that tree, and the tree of it wrapped."""
    tree = _one(connection, _TREE, text)
    if json.loads(tree)["error"]:
        return {"tree": tree}
    sql = _one(connection, "select json_deserialize_sql($text::json)", tree)
    return {
        "tree": tree,
        "sql": sql,
        "wrapped": _one(connection, _TREE, WRAPPED.format(sql=sql)),
    }


def _one(connection: duckdb.DuckDBPyConnection, sql: str, text: str) -> str:
    [(answer,)] = connection.execute(sql, {"text": text}).fetchall()
    return str(answer)


def _run(connection: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> pa.Table:
    """The rows of a text that reads no other table than those named; stopped when its time is over.

    The names are asked of DuckDB itself, with the release's in front and quotes left out.
    """
    sql = request["sql"]
    read = {name.replace('"', "") for name in connection.get_table_names(sql, qualified=True)}
    if not read <= set(request["tables"]):
        raise PermissionError(", ".join(sorted(read - set(request["tables"]))))
    timer = threading.Timer(request["seconds"], connection.interrupt)
    timer.start()
    try:
        return connection.sql(sql).to_arrow_table()
    finally:
        timer.cancel()


def _answer(
    connection: duckdb.DuckDBPyConnection, request: dict[str, Any]
) -> tuple[dict[str, Any], bytes]:
    try:
        if "text" in request:
            return _parse(connection, request["text"]), b""
        table = _run(connection, request)
    except (duckdb.Error, pa.ArrowException, PermissionError, RecursionError) as error:
        first, _, _ = str(error).partition("\n")
        return {"failed": type(error).__name__, "message": first}, b""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    rows = sink.getvalue().to_pybytes()
    return {"bytes": len(rows)}, rows


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    start = json.loads(requests.readline())
    if resource is not None:
        most = start["process_mb"] * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if hasattr(os, "nice"):
        os.nice(10)
    connection = _open(start["database"], start["release"], start["memory_mb"])
    for line in requests:
        reply, rows = _answer(connection, json.loads(line))
        replies.write(json.dumps(reply).encode() + b"\n" + rows)
        replies.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
