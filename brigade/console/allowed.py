"""What a question may be made of. All that is not named here is refused.

Left out on purpose: what reads files, settings or the catalogue, and what makes a long text or
list of a short one (``repeat``, ``lpad``, ``replace``, ``range`` outside FROM), which takes memory
that DuckDB does not count.
"""

from collections.abc import Mapping

from brigade.text import Text

QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})
"""Kinds of query: SELECT with its WITH, UNION and the like, WITH RECURSIVE."""

TABLES = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "EXPRESSION_LIST", "TABLE_FUNCTION", "EMPTY"})
"""What may stand in FROM."""

CLAUSES = frozenset(
    {
        "ORDER_MODIFIER",
        "LIMIT_MODIFIER",
        "DISTINCT_MODIFIER",
        "LIMIT_PERCENT_MODIFIER",
        "ORDER_DEFAULT",
        "ASCENDING",
        "DESCENDING",
    }
)
"""Clauses about the rows of a result, and the directions of ORDER BY."""

EXPRESSIONS = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "OPERATOR",
        "POSITIONAL_REFERENCE",
        "STAR",
        "SUBQUERY",
        "TYPE",
        "WINDOW",
    }
)
"""Classes of expression."""

_AGGREGATES = """
    any_value approx_count_distinct approx_quantile arg_max arg_max_null arg_min arg_min_null avg
    bool_and bool_or corr count count_if count_star countif covar_pop covar_samp entropy favg first
    fsum geomean group_concat kurtosis last listagg mad max max_by mean median min min_by mode
    product quantile quantile_cont quantile_disc regr_count regr_intercept regr_r2 regr_slope
    skewness stddev stddev_pop stddev_samp string_agg sum sumkahan var_pop var_samp variance
"""
_WINDOWS = """
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank
    rank_dense row_number
"""
_DATES = """
    date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname
    dayofmonth dayofweek dayofyear epoch hour isodow isoyear last_day make_date make_time
    make_timestamp minute month monthname quarter second strftime strptime time_bucket to_days
    to_hours to_minutes to_months to_seconds to_weeks to_years try_strptime week weekday weekofyear
    year yearweek
"""
_TEXTS = """
    char_length character_length concat concat_ws contains ends_with ilike_escape instr lcase left
    len length like_escape list_value lower ltrim not_ilike_escape not_like_escape position prefix
    regexp_extract regexp_full_match regexp_matches reverse right rtrim split split_part
    starts_with str_split string_split strlen strpos substr substring suffix trim ucase unnest upper
"""
_NUMBERS = """
    abs acos asin atan atan2 cbrt ceil ceiling cos cot degrees even exp floor greatest ifnull
    isfinite isinf isnan least ln log log10 log2 mod nullif pi pow power radians round sign sin
    sqrt tan trunc
"""
_OPERATORS = "+ - * / // % ** ^ @ || ~~ !~~ ~~* !~~* ~~~"

FUNCTIONS = frozenset((_AGGREGATES + _WINDOWS + _DATES + _TEXTS + _NUMBERS + _OPERATORS).split())
"""Functions and operators, by DuckDB's names."""

TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
"""Functions that may stand in FROM."""

_TYPES = """
    BIGINT BOOL BOOLEAN CHAR DATE DECIMAL DOUBLE FLOAT HUGEINT INT INTEGER INTERVAL NUMERIC REAL
    SMALLINT STRING TEXT TIME TIMESTAMP TINYINT UBIGINT UINTEGER VARCHAR
"""
TYPES = frozenset(_TYPES.split())
"""Types that CAST may name."""

_SESSION = """
    current_catalog current_database current_date current_role current_schema current_time
    current_timestamp current_user localtime localtimestamp session_user user
"""
SESSION = frozenset(_SESSION.split())
"""Names that DuckDB takes for facts about the machine where no column has them."""

SAID: Mapping[str, Text] = {
    "SHOW_REF": Text("DESCRIBE、SHOW 或 SUMMARIZE", "DESCRIBE, SHOW or SUMMARIZE"),
    "PIVOT": Text("PIVOT 或 UNPIVOT", "PIVOT or UNPIVOT"),
    "LAMBDA": Text("lambda 表达式", "a lambda"),
    "LAMBDA_REF": Text("lambda 表达式", "a lambda"),
    "PARAMETER": Text("参数（? 或 $名称）", "a parameter (? or $name)"),
    "COLLATE": Text("COLLATE", "COLLATE"),
    "DEFAULT": Text("DEFAULT", "DEFAULT"),
    "COPY_QUERY_NODE": Text("COPY", "COPY"),
    "INSERT_QUERY_NODE": Text("INSERT", "INSERT"),
    "UPDATE_QUERY_NODE": Text("UPDATE", "UPDATE"),
    "DELETE_QUERY_NODE": Text("DELETE", "DELETE"),
    "MERGE_QUERY_NODE": Text("MERGE", "MERGE"),
}
"""How people call what is refused; the rest goes by DuckDB's own name for it."""
