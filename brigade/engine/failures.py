"""What went wrong on a cluster, in one sentence that says what to do."""

import logging
import re
from dataclasses import dataclass

from brigade.errors import BrigadeError, EngineError, QueryError, reference
from brigade.text import Text

_log = logging.getLogger(__name__)

# What Spark, its stores and the way to them say. The first that is found decides: a store that
# refuses a file says so under the heading of a file that it did not find.
_GONE = re.compile(r"INVALID_HANDLE\.SESSION_|session (was )?not found", re.I)
_STOPPED = re.compile(r"OPERATION_CANCELED|OPERATION_ABANDONED|StatusCode\.CANCELLED", re.I)
_REFUSED = re.compile(r"StatusCode\.(UNAUTHENTICATED|PERMISSION_DENIED)")
_NO_RIGHTS = re.compile(
    r"permission denied|access ?denied|AccessControlException|\b403\b|not authorized"
    r"|unauthorized|InvalidAccessKeyId|SignatureDoesNotMatch|NoAuthWithAWSException"
    r"|no (aws )?credentials|unable to load credentials",
    re.I,
)
_NO_FILE = re.compile(
    r"PATH_NOT_FOUND|FileNotFoundException|FILE_NOT_EXIST|no such file|path does not exist"
    r"|object at location .{0,300} not found",
    re.I,
)
_LOST = re.compile(
    r"ExecutorLostFailure|ExecutorDeadException|MetadataFetchFailed|Master removed our application"
    r"|executor .{0,40}\b(lost|exited|removed)\b|stopped SparkContext|SparkContext (was|has been)"
    r" shut ?down",
    re.I,
)
_SILENT = re.compile(
    r"StatusCode\.(UNAVAILABLE|DEADLINE_EXCEEDED)|RETRIES_EXCEEDED|connection (refused|reset)"
    r"|closed channel",
    re.I,
)


def _told(error: BaseException) -> str:
    """All that an error tells of itself."""
    told = [f"{type(error).__name__}: {error}"]
    for ask in ("getCondition", "getGrpcStatusCode", "code"):
        answer = getattr(error, ask, None)
        if callable(answer):
            told.append(str(answer()))
    return "\n".join(told)


def session_is_gone(error: BaseException) -> bool:
    """Whether the server has ended the session, or was started anew since."""
    return bool(_GONE.search(_told(error)))


def is_silent(error: BaseException) -> bool:
    """Whether nobody answers any more."""
    return bool(_SILENT.search(_told(error)))


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


def no_address(engine: str) -> EngineError:
    """What should name an engine doesn't."""
    return EngineError(
        Text(
            f"BRIGADE_ENGINE={engine} 不是可用的地址。请写 sc://主机:端口，或不设（用 DuckDB）。",
            f"BRIGADE_ENGINE={engine} is no engine. Write sc://host:port, or leave it unset for "
            "DuckDB.",
        )
    )


def not_opened(error: BaseException, engine: str) -> EngineError:
    """A session could not be opened."""
    _log.warning("%s: %r", engine, error)
    return _refused(engine) if _REFUSED.search(_told(error)) else no_answer(engine)


def _refused(engine: str) -> EngineError:
    return EngineError(
        Text(
            f"查询引擎 {engine} 拒绝了本系统。请管理员核对 BRIGADE_ENGINE 里的令牌。",
            f"The engine {engine} refuses this app. Have the administrator check the token in "
            "BRIGADE_ENGINE.",
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
    """A query was stopped because somebody asked for that."""
    return QueryError(
        Text(
            "查询已停止。改动筛选或刷新页面，即重新查询。",
            "The query was stopped. Change a filter or reload the page to ask again.",
        )
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a cluster: by which engine, the query's name and words, and the place that
    its files are read from."""

    engine: str
    name: str
    words: str
    store: str


def said(error: BaseException, asked: Asked) -> BrigadeError:
    """What a failure means to its reader; the log has all of it under a code."""
    told = _told(error)
    if _STOPPED.search(told):
        return stopped()
    code = reference()
    _log.error(
        "%s: query %s failed on %s\n%s", code, asked.name, asked.engine, asked.words, exc_info=error
    )
    if _REFUSED.search(told):
        return _refused(asked.engine)
    if _NO_RIGHTS.search(told):
        return EngineError(
            Text(
                f"集群没有读取 {asked.store} 的权限。请管理员授权（编号 {code}）。",
                f"The cluster may not read {asked.store}. Have the administrator give it the right "
                f"(code {code}).",
            )
        )
    if _NO_FILE.search(told):
        return EngineError(
            Text(
                f"集群在 {asked.store} 找不到这个版本的文件。请让集群能读到数据文件夹，"
                f"或用 BRIGADE_STORE 指明位置（编号 {code}）。",
                f"The cluster does not find this release's files at {asked.store}. Let it reach "
                f"the data folder, or name the place with BRIGADE_STORE (code {code}).",
            )
        )
    if _LOST.search(told):
        return QueryError(
            Text(
                "集群在查询途中失去了工作进程，没有算完。请再试一次；一直如此，"
                f"请管理员检查集群的内存（编号 {code}）。",
                "The cluster lost a worker in the middle of the query. Try again; if it goes on, "
                f"have the administrator look at the cluster's memory (code {code}).",
            )
        )
    if is_silent(error):
        return no_answer(asked.engine)
    return QueryError(
        Text(
            f"查询 {asked.name} 没有成功。请把编号 {code} 告诉管理员，日志里有详情。",
            f"Query {asked.name} failed. Tell the administrator the code {code}: the log has the "
            "details.",
        )
    )
