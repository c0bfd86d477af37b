"""What went wrong on a cluster, in one sentence that says what to do."""

import logging
import re

from brigade.errors import BrigadeError, EngineError, QueryError, reference
from brigade.text import Text

_log = logging.getLogger(__name__)

_GONE = re.compile(r"INVALID_HANDLE\.SESSION_|session not found|session .*(closed|expired)", re.I)
_SILENT = re.compile(
    r"UNAVAILABLE|failed to connect|connection (refused|reset)|socket closed|RETRIES_EXCEEDED"
    r"|Cannot invoke RPC|DEADLINE_EXCEEDED",
    re.I,
)
_STOPPED = re.compile(r"OPERATION_CANCELED|OPERATION_ABANDONED|was cancel|interrupted", re.I)
_REFUSED = re.compile(r"UNAUTHENTICATED|PERMISSION_DENIED(?!:)", re.I)
_NO_RIGHTS = re.compile(
    r"permission denied|access ?denied|AccessControlException|forbidden|status code:? 403"
    r"|not authorized|unauthorized|InvalidAccessKeyId|SignatureDoesNotMatch"
    r"|no (aws )?credentials|NoAuthWithAWSException|Unable to load credentials",
    re.I,
)
_NO_FILE = re.compile(
    r"PATH_NOT_FOUND|FileNotFoundException|FILE_NOT_EXIST|no such file|object at location .* not"
    r"|no files found|path does not exist",
    re.I,
)
_LOST = re.compile(
    r"ExecutorLostFailure|executor .{0,40}\b(lost|exited|removed)|worker .{0,40}\b(lost|removed)"
    r"|Master removed our application|MetadataFetchFailed|SparkContext (was|has been) shut ?down"
    r"|stopped SparkContext",
    re.I,
)


def _text_of(error: BaseException) -> str:
    """All that an error says, with the error that it came from."""
    parts = [str(error), repr(error)]
    for get in ("getCondition", "getErrorClass", "getGrpcStatusCode", "code"):
        told = getattr(error, get, None)
        if callable(told):
            parts.append(str(told()))
    return "\n".join(parts)


def session_is_gone(error: BaseException) -> bool:
    """Whether the server has ended the session, or was started anew since."""
    return bool(_GONE.search(_text_of(error)))


def was_stopped(error: BaseException) -> bool:
    """Whether the query was stopped because somebody asked for that."""
    return bool(_STOPPED.search(_text_of(error)))


def is_silent(error: BaseException) -> bool:
    """Whether nobody answers any more."""
    return bool(_SILENT.search(_text_of(error)))


def no_answer(engine: str) -> EngineError:
    """Nobody answers at an address."""
    return EngineError(
        Text(
            f"查询引擎 {engine} 没有应答。请稍后再试；一直如此，请管理员检查 Spark 服务和 "
            "BRIGADE_ENGINE。",
            f"The engine {engine} does not answer. Try again soon; if it goes on, have the "
            "administrator check the Spark server and BRIGADE_ENGINE.",
        )
    )


def too_long(seconds: float) -> QueryError:
    """A query took longer than it may."""
    return QueryError(
        Text(
            f"集群查询超过 {seconds:g} 秒，已停止。请缩短时段或加筛选，"
            "或请管理员调大 BRIGADE_ENGINE_SECONDS。",
            f"Stopped: the cluster took more than {seconds:g} seconds. Take a shorter period, "
            "filter, or have BRIGADE_ENGINE_SECONDS raised.",
        )
    )


def stopped() -> QueryError:
    """A person has stopped a query."""
    return QueryError(
        Text(
            "查询已停止。刷新页面或改动筛选，即重新查询。",
            "The query was stopped. Reload the page or change a filter to ask again.",
        )
    )


def said(error: BaseException, engine: str, name: str, sql: str, store: str) -> BrigadeError:
    """What a failure of a query means to its reader; the log has all of it under a code."""
    told = _text_of(error)
    code = reference()
    _log.error("%s: query %s failed on %s\n%s", code, name, engine, sql, exc_info=error)
    if _STOPPED.search(told):
        return stopped()
    if _NO_FILE.search(told):
        return EngineError(
            Text(
                f"集群在 {store} 找不到本版本的文件。请让集群能读数据文件夹，"
                f"或用 BRIGADE_STORE 指明位置（编号 {code}）。",
                f"The cluster finds no files of this release at {store}. Let it read the data "
                f"folder, or name the place with BRIGADE_STORE (code {code}).",
            )
        )
    if _REFUSED.search(told) and _code_of(error) in ("UNAUTHENTICATED", "PERMISSION_DENIED"):
        return EngineError(
            Text(
                f"查询引擎 {engine} 拒绝了这个应用。请管理员核对 BRIGADE_ENGINE 里的令牌"
                f"（编号 {code}）。",
                f"The engine {engine} refuses this app. Have the administrator check the token in "
                f"BRIGADE_ENGINE (code {code}).",
            )
        )
    if _NO_RIGHTS.search(told):
        return EngineError(
            Text(
                f"集群没有读取 {store} 的权限。请管理员授权（编号 {code}）。",
                f"The cluster may not read {store}. Have the administrator give it the right "
                f"(code {code}).",
            )
        )
    if _LOST.search(told):
        return QueryError(
            Text(
                f"集群在查询中途失去了一个工作进程，没有算完。请再试一次；一直如此，"
                f"请管理员检查集群的内存（编号 {code}）。",
                "The cluster lost a worker in the middle of the query. Try again; if it goes on, "
                f"have the administrator look at the cluster's memory (code {code}).",
            )
        )
    if _SILENT.search(told):
        return no_answer(engine)
    return QueryError(
        Text(
            f"查询 {name} 没有成功。请把编号 {code} 告诉管理员，日志里有详情。",
            f"Query {name} failed. Tell the administrator the code {code}: the log has the "
            "details.",
        )
    )


def _code_of(error: BaseException) -> str:
    for get in ("getGrpcStatusCode", "code"):
        told = getattr(error, get, None)
        if callable(told):
            return str(getattr(told(), "name", told()))
    return ""
