"""The report as a table: what the command prints and what the page's CSV holds."""

import pyarrow as pa

from brigade.figures.verdicts import VERDICTS, Report, computed_text, published_text
from brigade.format import period_text
from brigade.text import DASH, SYNTHETIC, Lang, Text

_HEADERS = {
    "id": Text("编号", "Id"),
    "figure": Text("公布的内容", "What was published"),
    "published": Text("公布", "Published"),
    "computed": Text("计算", "Computed"),
    "working": Text("算法", "Working"),
    "period": Text("时段", "Period"),
    "verdict": Text("结论", "Verdict"),
    "why": Text("说明", "Why"),
    "data": Text("数据说明", "Data"),
}
_SHORT = ("id", "published", "computed", "verdict")


def report_table(report: Report, lang: Lang, *, synthetic: bool) -> pa.Table:
    """Every figure and every check of the text in a row; ``synthetic`` says so in each."""
    columns: dict[str, list[str]] = {name: [] for name in _HEADERS}
    for entry in report.entries:
        computed = entry.computed
        said = [*entry.why, *computed.beside]
        _add(
            columns,
            id=entry.figure.id,
            figure=entry.figure.text.in_(lang),
            published=published_text(entry.figure, lang),
            computed=computed_text(entry, lang),
            working=computed.working.in_(lang) if computed.working else "",
            period=period_text(computed.period) if computed.period else "",
            verdict=VERDICTS[entry.verdict].in_(lang),
            why=" ".join(text.in_(lang) for text in said),
        )
    for finding in report.findings:
        text = finding.check.text
        _add(
            columns,
            id=finding.check.id,
            figure=text.in_(lang) if text else ", ".join(finding.figures),
            published=DASH,
            computed=DASH,
            working="",
            period="",
            verdict=VERDICTS[finding.outcome].in_(lang),
            why=finding.why.in_(lang),
        )
    columns["data"] = [SYNTHETIC.in_(lang)] * len(columns["id"]) if synthetic else []
    return pa.table(
        {_HEADERS[name].in_(lang): pa.array(cells) for name, cells in columns.items() if cells}
    )


def short_table(table: pa.Table, lang: Lang) -> pa.Table:
    """The columns of the report that fit a terminal."""
    return table.select([_HEADERS[name].in_(lang) for name in _SHORT])


def explanations(table: pa.Table, lang: Lang) -> list[tuple[str, str]]:
    """What there is to say of each row that has something to be said of: its id and the words."""
    ids, whys = (table.column(_HEADERS[name].in_(lang)).to_pylist() for name in ("id", "why"))
    return [(id_, why) for id_, why in zip(ids, whys, strict=True) if why]


def _add(columns: dict[str, list[str]], **cells: str) -> None:
    for name, cell in cells.items():
        columns[name].append(cell)
