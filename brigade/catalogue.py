"""What there is: extracts and their files, columns, and metrics, each as a table to read.

The tables are made from the release's manifest, the contracts and ``metrics.toml``: nothing is said
here that is not said there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from brigade.contracts import CALENDAR, Column, Contract, all_contracts
from brigade.filters import column_in, column_of, typed_value
from brigade.format import dimension, number
from brigade.metrics import Metric, all_metrics
from brigade.queries import TO_DATE, extract_of
from brigade.releases import Release, ReleasedExtract
from brigade.text import NO, YES, Lang, Text

Cell = str | int | None
_TYPES: Mapping[str, Text] = {
    "text": Text("文字", "text"),
    "integer": Text("整数", "whole number"),
    "number": Text("数值", "number"),
    "boolean": Text("是否", "yes or no"),
    "date": Text("日期", "date"),
    "timestamp": Text("时间", "date and time"),
}
_KINDS: Mapping[str, Text] = {
    "count": Text("计数", "count"),
    "sum": Text("合计", "sum"),
    "ratio": Text("比率", "ratio"),
    "quantile": Text("分位数", "quantile"),
}
_BETTER: Mapping[str, Text] = {
    "higher": Text("越高越好", "higher is better"),
    "lower": Text("越低越好", "lower is better"),
    "neutral": Text("不分好坏", "neither"),
}


def _table(lang: Lang, headers: Sequence[Text], rows: Iterable[Sequence[Cell]]) -> pa.Table:
    cells = list(zip(*rows, strict=True)) or [()] * len(headers)
    arrays = [pa.array(column) if column else pa.array([], pa.string()) for column in cells]
    return pa.table(arrays, names=[header.in_(lang) for header in headers])


def extracts_table(release: Release, lang: Lang) -> pa.Table:
    """One row for each extract of the house: what the release holds of it, and from where."""
    headers = (
        Text("数据", "Extract"),
        Text("名称", "Name"),
        Text("行数", "Rows"),
        Text("最早", "First day"),
        Text("最新", "Last day"),
        Text("距最新数据（天）", "Days behind the newest"),
        Text("来源", "From"),
        Text("源文件", "Files"),
        Text("读入行", "Rows read"),
        Text("采用", "Accepted"),
        Text("重复", "Duplicates"),
        Text("未通过", "Rejected"),
    )
    return _table(lang, headers, (_extract_row(release, c, lang) for c in all_contracts().values()))


def _extract_row(release: Release, extract: Contract, lang: Lang) -> list[Cell]:
    held = release.extracts.get(extract.name)
    label, source = extract.label.in_(lang), extract.source.in_(lang)
    if held is None:
        said = Text("本版本没有", "not in this release")
        if extract.made_from and set(extract.made_from) <= set(release.extracts):
            lenders = [all_contracts()[name].label for name in extract.made_from]
            said = Text(
                "由" + "、".join(t.zh for t in lenders) + "生成",
                "made from " + ", ".join(t.en for t in lenders),
            )
        return [label, extract.name, None, None, None, None, said.in_(lang), *[None] * 5]
    files = held.sources
    counted = [(s.read, s.accepted, s.duplicates, s.rejected) for s in files]
    totals = [sum(counts) for counts in zip(*counted, strict=True)] or [None] * 4
    return [
        label,
        extract.name,
        held.rows,
        str(held.first) if held.first else None,
        str(held.last) if held.last else None,
        _behind(release, held),
        source,
        len(files) or None,
        *totals,
    ]


def _behind(release: Release, held: ReleasedExtract) -> int | None:
    newest = release.newest_day
    return (newest - held.last).days if newest and held.last else None


def sources_table(release: Release, lang: Lang) -> pa.Table:
    """One row for each file that the release was imported from, with what was taken of it."""
    headers = (
        Text("数据", "Extract"),
        Text("文件", "File"),
        Text("读入行", "Rows read"),
        Text("采用", "Accepted"),
        Text("重复", "Duplicates"),
        Text("未通过", "Rejected"),
        Text("更正已有的", "Corrections"),
        Text("更正的列（行数）", "Corrected (column: rows)"),
        Text("拒收清单", "Rejected rows in"),
        Text("空缺（列：行数）", "Empty (column: rows)"),
        Text("SHA-256", "SHA-256"),
    )
    rows: list[list[Cell]] = []
    for name, held in release.extracts.items():
        extract = all_contracts()[name]
        for file in held.sources:
            rows.append(
                [
                    extract.label.in_(lang),
                    file.file,
                    file.read,
                    file.accepted,
                    file.duplicates,
                    file.rejected,
                    file.replaced,
                    _counted(extract, file.changed, lang),
                    file.rejects,
                    _counted(extract, file.gaps, lang),
                    file.sha256,
                ]
            )
    return _table(lang, headers, rows)


def _counted(extract: Contract, counts: Mapping[str, int], lang: Lang) -> str | None:
    """Columns and how many rows, the most first."""
    listed = [
        f"{_label(extract, column, lang)}: {number(count)}"
        for column, count in sorted(counts.items(), key=lambda one: -one[1])
        if count
    ]
    return ("、" if lang == "zh" else ", ").join(listed) or None


def _label(extract: Contract, column: str, lang: Lang) -> str:
    known = extract.columns.get(column)
    return known.label.in_(lang) if known else column


def rejected_rows(release: Release) -> int:
    """How many rows of its files the release left out because they were wrong."""
    return sum(s.rejected for e in release.extracts.values() for s in e.sources)


def columns_table(lang: Lang, extract: str | None = None) -> pa.Table:
    """The data dictionary: one row for each column of every extract, or of one."""
    headers = (
        Text("数据", "Extract"),
        Text("列名", "Column"),
        Text("中文名", "Chinese"),
        Text("英文名", "English"),
        Text("类型", "Type"),
        Text("单位", "Unit"),
        Text("代码值", "Codes"),
        Text("主键", "Key"),
        Text("必填", "Required"),
        Text("导入时检查", "Checked on import"),
        Text("可筛选", "Filter"),
        Text("个人信息", "Personal"),
        Text("由来", "Comes from"),
        Text("导入时可用的表头", "Headers taken"),
        Text("说明", "Note"),
    )
    chosen = [c for c in all_contracts().values() if extract in (None, c.name)]
    rows = (_column_row(c, column, lang) for c in chosen for column in c.columns.values())
    return _table(lang, headers, rows)


def _column_row(extract: Contract, column: Column, lang: Lang) -> list[Cell]:
    def yes(value: bool) -> str | None:
        return YES.in_(lang) if value else None

    return [
        extract.label.in_(lang),
        column.name,
        column.label.zh,
        column.label.en,
        _TYPES[column.type].in_(lang),
        column.unit.in_(lang) if column.unit else None,
        "、".join(column.codes) or None,
        yes(column.name in extract.key),
        yes(column.required),
        ("；" if lang == "zh" else "; ").join(t.in_(lang) for t in _checked(extract, column))
        or None,
        yes(column.filter),
        Text("遮盖显示", "masked").in_(lang) if column.personal else None,
        _origin(extract, column, lang),
        "、".join(column.aliases) or None,
        column.note.in_(lang) if column.note else None,
    ]


def _checked(extract: Contract, column: Column) -> Iterator[Text]:
    """What an import refuses a value for, and what it only counts."""
    if column.minimum is not None:
        yield Text(f"不小于 {column.minimum}", f"at least {column.minimum}")
    if column.maximum is not None:
        yield Text(f"不大于 {column.maximum}", f"at most {column.maximum}")
    for other in column.after:
        label = extract.column(other).label
        yield Text(f"不早于{label.zh}", f"not before “{label.en}”")
    if column.past:
        yield Text("不晚于导入当天", "not after the day of import")
    if column.codes_strict:
        yield Text("只收代码值", "one of the codes")
    if column.codes_from:
        name = column.codes_from
        yield Text(f"对照 {name}.csv 当时有效的代码", f"the codes of its day in {name}.csv")
    if column.refers_strict and column.refers:
        label = all_contracts()[column.refers].label
        yield Text(f"必须在{label.zh}里", f"must be in “{label.en}”")
    for check in extract.checks:
        if check.column == column.name:
            kind = Text("拒收", "refused") if check.strict else Text("提示", "noted")
            yield Text(f"{kind.zh}：{check.reason.zh}", f"{kind.en}: {check.reason.en}")


def _origin(extract: Contract, column: Column, lang: Lang) -> str | None:
    if column.borrowed:
        lender, key = column.borrowed
        label = all_contracts()[lender].label
        text = Text(f"按 {key} 取自{label.zh}", f"looked up in {label.en} by {key}")
        return text.in_(lang)
    if column.derived and column.name in CALENDAR:
        return Text(f"取自 {extract.time}", f"part of {extract.time}").in_(lang)
    if column.derived:
        return " ".join(column.derived.split())
    if column.refers:
        label = all_contracts()[column.refers].label
        return Text(f"指向{label.zh}", f"refers to {label.en}").in_(lang)
    return None


def metrics_table(lang: Lang) -> pa.Table:
    """The glossary: one row for each metric, with what it means and which rows it counts."""
    headers = (
        Text("指标", "Metric"),
        Text("名称", "Name"),
        Text("定义", "Definition"),
        Text("单位", "Unit"),
        Text("类别", "Kind"),
        Text("好的方向", "Good direction"),
        Text("检验偶然波动", "Chance tested"),
        Text("分子", "Numerator"),
        Text("分母", "Denominator"),
        Text("背后的记录", "Rows behind"),
        Text("说明", "Note"),
    )
    return _table(lang, headers, (_metric_row(m, lang) for m in all_metrics().values()))


def _metric_row(metric: Metric, lang: Lang) -> list[Cell]:
    def part(name: str | None) -> str | None:
        known = all_metrics().get(name or "")
        return known.label.in_(lang) if known else name

    return [
        metric.label.in_(lang),
        metric.name,
        metric.definition.in_(lang),
        metric.unit.in_(lang) or None,
        _KINDS[metric.kind].in_(lang),
        _BETTER[metric.better].in_(lang),
        (YES if metric.chance else NO).in_(lang),
        part(metric.numerator),
        part(metric.denominator),
        _rows_behind(metric, lang),
        metric.note.in_(lang) if metric.note else None,
    ]


def _rows_behind(metric: Metric, lang: Lang) -> str | None:
    if metric.rows is None:
        return None
    extract = all_contracts()[extract_of(metric.rows)]
    parts = [extract.label.in_(lang)]
    if metric.rows.endswith(TO_DATE):
        parts.append(Text("至时段末日的全部", "all up to the period's last day").in_(lang))
    for key, values in metric.where.items():
        column = column_in(key, extract) or column_of(key)
        written = [dimension(column.name, typed_value(column, v), lang) for v in values]
        parts.append(f"{column.label.in_(lang)}: {'、'.join(written)}")
    return " · ".join(parts)


def finding(table: pa.Table, words: str) -> pa.Table:
    """The rows in which every one of the words occurs, in any column, without regard to case."""
    wanted = words.lower().split()
    if not wanted:
        return table
    texts = [" ".join(str(cell).lower() for cell in row.values()) for row in table.to_pylist()]
    kept = [all(word in text for word in wanted) for text in texts]
    return table.filter(pa.array(kept, pa.bool_()))
