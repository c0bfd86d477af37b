"""The one way to show a result: title, chart, table, definition, SQL, CSV and drill."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from brigade import export
from brigade.errors import BrigadeError, MissingExtractError
from brigade.filters import Filters, column_of
from brigade.queries import Query, query
from brigade.results import Result, fetch
from brigade.text import DASH, Text
from brigade.ui import state
from brigade.ui.charts import Bar, Chart, Points, draw
from brigade.ui.charts.points import placed
from brigade.ui.charts.sheet import Drawing
from brigade.ui.look import Look, look
from brigade.ui.part import by_column, part

CHART, TABLE, MEANING, SQL = "chart", "table", "meaning", "sql"
_FACES = {
    CHART: Text("图", "Chart"),
    TABLE: Text("表", "Table"),
    MEANING: Text("释义", "Meaning"),
    SQL: Text("SQL", "SQL"),
}
_EMPTY = Text("当前筛选下没有记录。", "No rows under these filters.")
_UNRECORDED = Text(
    "这些记录没有填写该数字所需的内容，无法计算。",
    "These rows do not record what the figure needs: it can't be made.",
)
_NO_PLACES = Text(
    "这些记录没有坐标，画不出位置图。", "These rows have no coordinates: no map can be drawn."
)
Drill = str | tuple[str, ...]


def page_title(title: Text, question: Text) -> None:
    """The page's heading and the question that it answers."""
    here = look()
    st.title(here.say(title))
    st.caption(here.say(question))


@contextmanager
def errors_said(here: Look, would_show: Text | None = None) -> Iterator[None]:
    """Say in the view's own place what went wrong in it; the rest of the page goes on.

    ``would_show`` names what stands here when the extract is there, where no title says it.
    """
    try:
        yield
    except MissingExtractError as error:
        heading = f"**{here.say(would_show)}**  \n" if would_show else ""
        st.info(heading + here.say(error.text))
    except BrigadeError as error:
        st.error(here.say(error.text))


def view(
    name: str,
    chart: Chart | None = None,
    *,
    drill: Drill = (),
    where: Mapping[str, tuple[str, ...]] | None = None,
    narrow: Mapping[str, tuple[str, ...]] | None = None,
    title: Text | None = None,
    slug: str | None = None,
) -> None:
    """Show a query's result.

    ``drill`` names the filters (each the key of a dimension of the result) that a click on a mark
    or a row sets; ``narrow`` further filters that the click sets with them. ``where`` narrows this
    view alone. ``slug`` tells two views of one query on a page apart.
    """
    here = look()
    query_ = query(name)
    drills = (drill,) if isinstance(drill, str) else drill
    # A click lists the rows that the mark counts: what the query ignores is let go.
    freed = {key: () for key in query_.ignores if key not in drills}
    shown = _View(
        here=here,
        query=query_,
        chart=chart,
        title=title or query_.title,
        slug=slug or name.replace("/", "_"),
        drills=drills,
        narrow={**freed, **(narrow or {})},
        filters=here.filters.having(where or {}),
    )
    shown.draw()


def say_ignored(here: Look, query_: Query) -> None:
    """Name the filters in force that a query leaves aside."""
    for text in _ignored(here, query_):
        st.caption(text)


def _ignored(here: Look, query_: Query) -> list[str]:
    names = [column_of(key).label for key in sorted(query_.ignores) if here.filters.values.get(key)]
    if not names:
        return []
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    return [here.say(Text(f"不随筛选“{zh}”变化。", f"Not narrowed by: {en}."))]


@dataclass(frozen=True, slots=True)
class _Face:
    """What the lasting part of a view shows: the face chosen of those there are, notes, a chart."""

    face: str = ""
    faces: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """One view in one run of its page."""

    here: Look
    query: Query
    chart: Chart | None
    title: Text
    slug: str
    drills: tuple[str, ...]
    narrow: Mapping[str, tuple[str, ...]]
    filters: Filters

    def draw(self) -> None:
        """Draw the face that the reader chose, and the way to the others."""
        faces = tuple(face for face in _FACES if face != CHART or self.chart is not None)
        face = st.session_state.get(f"{self.slug}:face", faces[0])
        face = face if face in faces else faces[0]
        try:
            result = fetch(self.query, self.filters, self.here.engine, self.here.reader)
            around = self._around(result)
        except BrigadeError as error:
            with self._frame(_Face()), errors_said(self.here):
                raise error
            return
        missing = self._missing(around)
        if missing is not None:
            with self._frame(_Face(notes=self._notes())):
                st.info(self.here.say(missing))
            return
        shown = _Face(face, faces, self._notes())
        if face == CHART and self.chart is not None:
            self._part(self._charted(shown, around, self.chart), f"view_{self.slug}", result)
            return
        with self._frame(shown, result):
            if face == TABLE:
                self._table(result)
            elif face == MEANING:
                _meaning(self.here, result)
            else:
                _sql(self.here, result)

    @contextmanager
    def _frame(self, face: _Face, result: Result | None = None) -> Iterator[None]:
        """A box with the view's head, for what is no chart; a chart's part is a box of its own:
        every element costs time in the browser at each click."""
        with st.container(key=f"view_{self.slug}", height="stretch"):
            self._part(face, f"{self.slug}:part", result)
            yield

    def _around(self, result: Result) -> Result:
        """The result without the filters that a click on the view itself sets."""
        own = [key for key in self.drills if self.filters.values.get(key)]
        if not own:
            return result
        return fetch(self.query, self.filters.without(*own), self.here.engine, self.here.reader)

    def _missing(self, around: Result) -> Text | None:
        """Why there is nothing to show, where there is nothing."""
        if not around.rows:
            return _EMPTY
        if self.chart is not None and _nothing_to_draw(self.chart, around):
            return _NO_PLACES if isinstance(self.chart, Points) else _UNRECORDED
        return None

    def _notes(self) -> tuple[str, ...]:
        notes = [self.here.say(self.query.note)] if self.query.note else []
        return (*notes, *_ignored(self.here, self.query))

    def _charted(self, face: _Face, result: Result, chart: Chart) -> _Face:
        here = self.here
        chosen = {
            _dimension(key): values
            for key in self.drills
            if (values := tuple(here.filters.values.get(key, ())))
        }
        picks = tuple(_dimension(key) for key in self.drills)
        drawing = draw(chart, result, lang=here.lang, dark=here.dark, chosen=chosen, picks=picks)
        under: tuple[str, ...] = ()
        if isinstance(chart, Bar) and len(result.rows) > chart.top:
            under = (here.say(_top_of(chart.top, len(result.rows))),)
        return replace(face, drawing=drawing, under=under)

    def _part(self, face: _Face, key: str, result: Result | None = None) -> None:
        """The part of the view that stays: all but tables, meanings and SQL."""
        say = self.here.say
        said: dict[str, Any] = {
            "slug": self.slug,
            "title": say(self.title),
            "notes": face.notes,
            "under": face.under,
            "face": face.face,
            "faces": [(one, say(_FACES[one])) for one in face.faces],
            "show_as": say(Text("显示方式", "Show as")),
            "csv": say(Text("下载表中所示内容", "Download what the table shows")),
        }
        if face.drawing is not None:
            sets = face.drawing.spec["datasets"]
            said["alt"] = face.drawing.alt
            empty = {**face.drawing.spec, "datasets": {name: [] for name in sets}}
            said["spec"] = json.dumps(empty, ensure_ascii=False)
            said["rows"] = {name: by_column(rows) for name, rows in sets.items()}
        if result is not None and st.session_state.pop(f"{self.slug}:csv", False):
            text = export.to_csv(export.result_table(result, self.here.lang)).decode()
            said["file"] = {"name": csv_name(self.here, self.title), "text": text}
        part("shown", key, said, {"pick": self._picked, "face": self._faced, "csv": self._saved})

    def _picked(self, keys: Mapping[str, str]) -> None:
        take({key: str(keys[f"key_{_dimension(key)}"]) for key in self.drills}, self.narrow)

    def _faced(self, face: str) -> None:
        st.session_state[f"{self.slug}:face"] = face

    def _saved(self, _: bool) -> None:
        st.session_state[f"{self.slug}:csv"] = True

    def _table(self, result: Result) -> None:
        table = export.result_table(result, self.here.lang)
        if not self.drills:
            st.dataframe(table, hide_index=True, placeholder=DASH, key=f"{self.slug}:table")
            return
        key = f"{self.slug}:table:{self.here.filters}"

        def clicked() -> None:
            rows = st.session_state[key]["selection"]["rows"]
            if rows:
                row = result.rows[rows[0]]
                picked = {k: state.text_of(k, row[_dimension(k)]) for k in self.drills}
                take(picked, self.narrow)

        st.dataframe(
            table,
            hide_index=True,
            placeholder=DASH,
            key=key,
            on_select=clicked,
            selection_mode="single-row",
        )


def _nothing_to_draw(chart: Chart, result: Result) -> bool:
    """Whether every number that a chart would draw is one that can't be made."""
    if isinstance(chart, Points) and not placed(chart, result.rows):
        return True
    drawn = {str(getattr(chart, part.name)) for part in fields(chart)}
    metrics = [m.name for m in result.metrics if m.name in drawn]
    return bool(metrics) and all(row[m] is None for row in result.rows for m in metrics)


def csv_name(here: Look, title: Text) -> str:
    """The name of a CSV file: what it holds and for which period."""
    period = here.filters.period
    return f"{here.say(title)} {period.start}_{period.end}.csv".replace("/", "-")


def _top_of(top: int, count: int) -> Text:
    return Text(
        f"共 {count} 项，图中 {top} 项；全部见表和 CSV。",
        f"{top} of {count} drawn; all are in the table and the CSV.",
    )


def _dimension(key: str) -> str:
    """The column of a result that a drill's key stands for."""
    return key.rpartition(".")[2]


def take(picked: Mapping[str, str], narrow: Mapping[str, tuple[str, ...]]) -> None:
    """Do what a click asks: a year, month, week or day becomes the period, all else a filter."""
    values = {key: value for key, value in picked.items() if key not in state.SPANS}
    for key in picked.keys() - values.keys():
        state.set_period(state.span_of(key, picked[key]))
    now_chosen = state.toggle(values)
    state.choose(narrow if now_chosen else dict.fromkeys(narrow, ()))


def _meaning(here: Look, result: Result) -> None:
    for metric in result.metrics:
        unit = here.say(metric.unit)
        unit_text = f"（{unit}）" if unit and here.lang == "zh" else f" ({unit})" if unit else ""
        st.markdown(f"**{here.say(metric.label)}**{unit_text}  \n{here.say(metric.definition)}")
        if metric.note:
            st.caption(here.say(metric.note))


def _sql(here: Look, result: Result) -> None:
    st.caption(here.say(Text("在明细上执行的全文", "As run over the records")))
    st.code(result.bound.literal(), language="sql", wrap_lines=True)
    if result.before is not None:
        st.caption(
            here.say(
                Text(
                    "对比时段执行同一段 SQL，只换起止日期。",
                    "The period compared is the same text with its own first and last day.",
                )
            )
        )
    st.caption(here.say(Text("原文", "As written")) + f" · queries/{result.query.name}.sql")
    st.code(result.query.sql, language="sql", wrap_lines=True)
