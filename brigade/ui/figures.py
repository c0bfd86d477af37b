"""Published figures beside what the rows give, each with its verdict and its rows."""

import html
from collections.abc import Sequence

import streamlit as st

from brigade import export
from brigade.figures.compute import Behind, source_of
from brigade.figures.consistency import Finding
from brigade.figures.published import FILE, published_file, read_published
from brigade.figures.table import report_table
from brigade.figures.verdicts import (
    VERDICTS,
    WRONG,
    Entry,
    Report,
    Verdict,
    computed_text,
    published_text,
    report_on,
)
from brigade.filters import column_of
from brigade.format import period_text
from brigade.palette import palette_of
from brigade.text import Text
from brigade.ui import state
from brigade.ui.frame import written
from brigade.ui.look import Look, look
from brigade.ui.rows import records
from brigade.ui.view import errors_said

_OPEN = "figure"
"""The key, in the address too, of the figure whose rows are open."""
_OWN = Text(
    "每个公布数字按它自己的口径和时段计算，不随上方的时段与筛选变化。",
    "Every published figure has its own filters and period: the period and filters above do not "
    "change it.",
)
_HEADS = (
    Text("公布的内容", "What was published"),
    Text("公布", "Published"),
    Text("计算", "Computed"),
    Text("结论", "Verdict"),
    Text("说明", "Why"),
)


def published_figures() -> None:
    """Every figure of the list in force, and the checks of its text against itself."""
    here = look()
    with errors_said(here):
        file = published_file()
        published = read_published(file)
        ids = tuple(figure.id for figure in published.figures)
        with st.container(key="address_of_figure"):
            opened = state.held_text(_OPEN, ("", *ids))
        report = report_on(published, file.name, here.engine, here.reader)
        source = f"{here.say(published.source)}。" if published.source else ""
        st.caption((source if here.lang == "zh" else source.replace("。", ". ")) + here.say(_OWN))
        _tally(here, report)
        for group, title in ((None, None), *published.groups.items()):
            entries = [entry for entry in report.entries if entry.figure.group == group]
            if entries:
                _group(here, title or Text("其他", "Others"), group, entries, opened)
        if report.findings:
            _findings(here, report.findings)
        _csv(here, report)


def _tone(here: Look, verdict: Verdict) -> str:
    palette = palette_of(here.dark)
    if verdict in WRONG:
        return palette.worse
    return {"agrees": palette.better, "not_computed": palette.muted}.get(verdict, palette.ink)


def _tally(here: Look, report: Report) -> None:
    """How many figures there are of each verdict, as the page's first figures."""
    cards = [(Text("公布数字", "Figures"), str(len(report.entries)), palette_of(here.dark).ink)]
    cards += [
        (text, str(report.count(verdict)), _tone(here, verdict))
        for verdict, text in VERDICTS.items()
    ]
    parts = "".join(
        f"<div><span>{html.escape(here.say(label))}</span>"
        f'<strong style="color:{tone}">{count}</strong></div>'
        for label, count, tone in cards
    )
    st.html(f'<div class="figure-tally">{parts}</div>')


def _group(
    here: Look, title: Text, group: str | None, entries: Sequence[Entry], opened: str
) -> None:
    with st.container(border=True, key=f"figures_{group or 'others'}", gap="small"):
        st.markdown(f"#### {here.say(title)}")
        heads = "".join(f"<span>{html.escape(here.say(head))}</span>" for head in _HEADS)
        st.html(f'<div class="figure-row figure-heads" aria-hidden="true">{heads}</div>')
        for entry in entries:
            _row(here, entry, opened == entry.figure.id)


def _row(here: Look, entry: Entry, is_open: bool) -> None:
    figure, computed = entry.figure, entry.computed
    why = [here.say(text) for text in (*entry.why, *computed.beside)]
    working = (
        f"<small>{html.escape(here.say(computed.working))}</small>" if computed.working else ""
    )
    cells = (
        f'<span class="figure-text">{html.escape(here.say(figure.text))}</span>',
        _labelled(here, 1, html.escape(published_text(figure, here.lang))),
        _labelled(here, 2, html.escape(computed_text(entry, here.lang)) + working),
        f'<strong style="color:{_tone(here, entry.verdict)}">'
        f"{html.escape(here.say(VERDICTS[entry.verdict]))}</strong>",
        f'<span class="figure-why">{"<br>".join(map(html.escape, why))}</span>',
    )
    with st.container(key=f"figure_{figure.id}", gap="small"):
        with st.container(
            horizontal=True, vertical_alignment="top", key=f"figure_line_{figure.id}"
        ):
            st.html(f'<div class="figure-row">{"".join(cells)}</div>')
            st.button(
                here.say(Text("收起", "Close") if is_open else Text("记录", "Rows")),
                key=f"open_{figure.id}",
                type="tertiary",
                on_click=_toggle,
                args=(figure.id,),
                disabled=computed.bound is None,
            )
        if is_open and computed.bound is not None:
            _opened(here, entry)


def _labelled(here: Look, head: int, cell: str) -> str:
    """A cell with its column's name, which only a narrow screen shows."""
    return f'<span class="figure-number"><i>{html.escape(here.say(_HEADS[head]))}</i>{cell}</span>'


def _toggle(figure: str) -> None:
    st.session_state[_OPEN] = "" if st.session_state.get(_OPEN) == figure else figure


def _opened(here: Look, entry: Entry) -> None:
    """What a figure is made of: its meaning, period and filters, its SQL, and its rows."""
    figure, computed = entry.figure, entry.computed
    metric = source_of(figure).metric
    parts = [f"**{here.say(metric.label)}**", here.say(metric.definition)]
    st.markdown(" · ".join(parts))
    scope = [period_text(computed.period)] if computed.period else []
    scope += [
        f"{here.say(column_of(key).label)}: {', '.join(written(key, v, here.lang) for v in values)}"
        for key, values in figure.where.items()
    ]
    st.caption(" · ".join(scope))
    if computed.behind:
        _rows(here, entry, computed.behind)
    if computed.bound is not None:
        with st.expander("SQL"):
            st.code(computed.bound.literal(), language="sql", wrap_lines=True)


def _rows(here: Look, entry: Entry, behind: Sequence[Behind]) -> None:
    """The rows of the figure's period, or of another that it was made from."""
    chosen = behind[0]
    if len(behind) > 1:
        index = st.segmented_control(
            here.say(Text("时段", "Period")),
            range(len(behind)),
            default=0,
            required=True,
            key=f"period_of_{entry.figure.id}",
            format_func=lambda n: period_text(behind[n].filters.period),
            label_visibility="collapsed",
        )
        chosen = behind[index or 0]
    records(
        chosen.extract,
        title=entry.figure.text,
        name=f"of_{entry.figure.id}",
        filters=chosen.filters,
    )


def _findings(here: Look, findings: Sequence[Finding]) -> None:
    with st.container(border=True, key="figures_checks", gap="small"):
        st.markdown(f"#### {here.say(Text('文字自检', 'The text against itself'))}")
        for finding in findings:
            text = (
                here.say(finding.check.text) if finding.check.text else ", ".join(finding.figures)
            )
            st.html(
                f'<div class="figure-row figure-check"><span class="figure-text">'
                f'{html.escape(text)}</span><strong style="color:{_tone(here, finding.outcome)}">'
                f"{html.escape(here.say(VERDICTS[finding.outcome]))}</strong>"
                f'<span class="figure-why">{html.escape(here.say(finding.why))}</span></div>'
            )


def _csv(here: Look, report: Report) -> None:
    table = report_table(report, here.lang, synthetic=here.engine.release.synthetic)
    st.download_button(
        here.say(Text("下载核对表 CSV", "Download the table as CSV")),
        data=lambda: export.to_csv(table),
        file_name=FILE.replace(".toml", ".csv"),
        mime="text/csv",
        on_click="ignore",
        key="figures:csv",
    )
