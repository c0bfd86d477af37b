"""Import in the browser: files are dropped, looked at and put right, then read and checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from brigade import export
from brigade.contracts import Contract
from brigade.errors import BrigadeError
from brigade.format import number
from brigade.ingest.choosing import changed_rules, columns_taken, with_rules
from brigade.ingest.guess import importable, likely_extracts
from brigade.ingest.known import Known
from brigade.ingest.mapping import MappingFile, Rule, find_mapping, fitting_mappings
from brigade.ingest.plan import plan
from brigade.ingest.preview import preview
from brigade.ingest.publish import prepare
from brigade.ingest.read import Reading, Table, inspect, sheets_of
from brigade.ingest.saving import own_mapping, write_mapping
from brigade.ingest.suggest import Suggestion, suggest
from brigade.ingest.take import LIMIT
from brigade.text import Text
from brigade.ui.look import Look, look
from brigade.ui.prepared import read_here

_FOLDER, _ROUND, _FAILED = "_import_folder", "_import_round", "_import_failed"
_NAME_LETTERS = 100
_HEADER, _EXAMPLES = Text("文件的列名", "Header"), Text("例", "Examples")
_COLUMN, _MAY_BE = Text("导入为", "Imported as"), Text("可能是", "May be")


@dataclass(frozen=True, slots=True)
class _File:
    """A file with what was chosen for it; ``mapping`` is the name of a known one or a new file."""

    path: Path
    reading: Reading
    extract: Contract
    mapping: MappingFile | None
    rules: dict[str, Rule]


def dropped_files() -> None:
    """A box to drop files into, what each was taken for, and the button that reads them."""
    here = look()
    for error in st.session_state.pop(_FAILED, ()):
        st.error(here.say(error))
    with st.container(key=f"drop_{here.lang}"):
        files = st.file_uploader(
            here.say(
                Text(
                    "把文件拖到这里：Excel、CSV、文本或 Parquet，可一次多个",
                    "Drop files here: Excel, CSV, text or Parquet, several at once if need be",
                )
            ),
            accept_multiple_files=True,
            # A new key empties the box once its files are read.
            key=f"import_files_{st.session_state.setdefault(_ROUND, 0)}",
        )
    cards = [_card(here, position, file) for position, file in enumerate(files)]
    ready = [one for one in cards if one is not None]
    if ready:
        _read(here, ready)


def _card(here: Look, position: int, file: UploadedFile) -> _File | None:
    """What a file was taken for, to be looked at and put right."""
    path = _saved(file)
    with st.container(border=True, key=f"import_file_{position}"):
        st.text(path.name)
        try:
            return _looked_at(here, file.file_id, path)
        except BrigadeError as error:
            st.error(here.say(error.text))
            return None


def _saved(file: UploadedFile) -> Path:
    """The upload as a file, in a folder of this visit that goes when the visit ends.

    Its name is kept for what is said of it, less what a path could be made of.
    """
    folder = st.session_state.setdefault(_FOLDER, TemporaryDirectory(prefix="brigade-"))
    name = re.sub(r"[^\w.()（）【】 -]", "_", file.name)[-_NAME_LETTERS:].lstrip(". ") or "file"
    path = Path(folder.name) / re.sub(r"\W", "_", file.file_id) / name
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.getbuffer())
    return path


def _looked_at(here: Look, key: str, path: Path) -> _File:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reading = Reading(_sheet(here, key, path))
        table = inspect(path, reading)
        extract = _extract(here, key, table)
        mapping = _mapping(here, key, extract)
    for finding in table.findings:
        (st.warning if finding.warning else st.caption)(here.say(finding.text))
    rules = _columns(here, key, table, extract, mapping)
    _preview(here, table, extract, with_rules(mapping, rules))
    return _File(path, reading, extract, mapping, rules)


def _sheet(here: Look, key: str, path: Path) -> str | None:
    sheets = sheets_of(path)
    if len(sheets) < 2:
        return None
    label = here.say(Text("工作表", "Sheet"))
    found = here.say(Text("自动选择", "found out"))
    return st.selectbox(label, sheets, index=None, placeholder=found, key=f"{key}:sheet", width=200)


def _extract(here: Look, key: str, table: Table) -> Contract:
    """What the file holds: guessed, and chosen by the reader."""
    every = {extract.name: extract for extract in importable()}
    likely = likely_extracts(table)
    names = list(every)
    chosen = st.selectbox(
        here.say(Text("这是什么数据", "What it holds")),
        names,
        index=names.index(likely[0].name) if likely else 0,
        key=f"{key}:{table.sheet}:extract",
        format_func=lambda name: f"{here.say(every[name].label)} · {name}",
        width=280,
    )
    return every[chosen]


def _mapping(here: Look, key: str, extract: Contract) -> MappingFile | None:
    default = find_mapping(None, extract)
    names = fitting_mappings(extract)
    chosen = st.selectbox(
        here.say(Text("映射", "Mapping")),
        names,
        index=names.index(default.name) if default else None,
        key=f"{key}:{extract.name}:mapping",
        placeholder=here.say(Text("只按列名", "by headers alone")),
        width=200,
    )
    return find_mapping(Path(chosen), extract) if chosen else None


def _columns(
    here: Look, key: str, table: Table, extract: Contract, mapping: MappingFile | None
) -> dict[str, Rule]:
    """Which header becomes which column; the rules for those that the reader changes."""
    taken = columns_taken(table, extract, mapping)
    suggested = {one.position: one for one in suggest(table, extract)}
    shown = [position for position, header in enumerate(table.headers) if header]
    left = len(shown) - len(taken)
    heading = Text(
        f"列的对应：{len(taken)} 列导入，{left} 列不导入",
        f"Columns: {len(taken)} imported, {left} left out",
    )
    needed = {column.name for column in extract.stored_columns if column.required}
    with st.expander(here.say(heading), expanded=not needed <= {*taken.values()}):
        name = mapping.name if mapping else ""
        wanted = _edited(here, f"{key}:{extract.name}:{name}", table, extract, taken, suggested)
    rules = changed_rules(table, taken, wanted, suggested)
    made = mapping.rules if mapping else {}
    found = {*rules, *made, *(name for name in wanted.values() if name)}
    return rules | _keys_from_rows(here, key, extract, found)


def _edited(
    here: Look,
    key: str,
    table: Table,
    extract: Contract,
    taken: dict[int, str],
    suggested: dict[int, Suggestion],
) -> dict[int, str | None]:
    """The column that the reader wants each header as, None for one that is left out."""
    left_out = here.say(Text("（不导入）", "(left out)"))
    written = {c.name: f"{here.say(c.label)} · {c.name}" for c in extract.stored_columns}
    named = {text: name for name, text in written.items()}
    shown = [position for position, header in enumerate(table.headers) if header]
    rows = pd.DataFrame(
        {
            here.say(_HEADER): [table.headers[i] for i in shown],
            here.say(_COLUMN): [written[taken[i]] if i in taken else left_out for i in shown],
            here.say(_MAY_BE): [_may_be(here, suggested.get(i)) for i in shown],
            here.say(_EXAMPLES): [
                " / ".join(suggested[i].samples) if i in suggested else "" for i in shown
            ],
        }
    )
    edited = st.data_editor(
        rows,
        hide_index=True,
        key=f"{key}:columns",
        disabled=[here.say(_HEADER), here.say(_MAY_BE), here.say(_EXAMPLES)],
        column_config={
            here.say(_COLUMN): st.column_config.SelectboxColumn(
                options=[left_out, *named], required=True
            )
        },
    )
    return {i: named.get(text) for i, text in zip(shown, edited[here.say(_COLUMN)], strict=True)}


def _may_be(here: Look, suggested: Suggestion | None) -> str:
    likely = suggested.likely[:3] if suggested else ()
    return here.say(Text("、", ", ")).join(here.say(one.column.label) for one in likely)


def _keys_from_rows(here: Look, key: str, extract: Contract, found: set[str]) -> dict[str, Rule]:
    """Where a file has no number of its rows, one made of all that a row holds, if asked for."""
    rules = {}
    for name in extract.key:
        column = extract.columns[name]
        if name in found or column.type != "text" or column.refers:
            continue
        label = Text(
            f"文件里没有“{column.label.zh}”：用整行内容生成，同样的行得到同样的编号",
            f"No “{column.label.en}” in the file: make one of the whole row, the same each time",
        )
        if st.checkbox(here.say(label), key=f"{key}:{extract.name}:{name}:row_key"):
            rules[name] = Rule(row_key=True)
    return rules


def _preview(here: Look, table: Table, extract: Contract, mapping: MappingFile | None) -> None:
    """The first rows as they will be, and what is wrong with them."""
    found = preview(table, plan(table, extract, mapping), Known())
    columns = [c for c in extract.stored_columns if c.name in found.table.column_names]
    rows = found.table.select([column.name for column in columns])
    st.caption(here.say(Text("前几行导入后的样子：", "The first rows as they will be:")))
    st.dataframe(
        export.records_table(rows, columns, here.lang, synthetic=False),
        hide_index=True,
        placeholder="",
    )
    for one in found.rejected:
        text = Text(
            f"第 {one.row} 行将被拒收：{one.column}“{one.value}”{one.reason.zh}。",
            f"Row {one.row} will be rejected: {one.column} “{one.value}”: {one.reason.en}.",
        )
        st.warning(here.say(text))


def _read(here: Look, files: Sequence[_File]) -> None:
    """Read and check the files whole; what comes of it waits to be published."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.text_input(here.say(Text("经办人", "By")), key="import_by", width=160)
        limit = st.number_input(
            here.say(Text("拒收上限（%）", "Reject limit (%)")),
            0.0,
            100.0,
            LIMIT,
            key="import_limit",
            width=160,
            help=here.say(
                Text(
                    "拒收的行超过这个比例，整个文件就不导入。",
                    "A file with a larger share of rejected rows is refused as a whole.",
                )
            ),
        )
        pressed = st.button(
            here.say(Text(f"读入并检查（{len(files)}）", f"Read and check ({len(files)})")),
            type="primary",
            key="import_read",
        )
    if pressed:
        failed = [error for file in files if (error := _prepare(here, file, by.strip(), limit))]
        st.session_state[_FAILED] = failed
        if len(failed) < len(files):
            st.session_state[_ROUND] += 1
        st.rerun()


def _prepare(here: Look, file: _File, by: str, limit: float) -> Text | None:
    """Read one file whole, its progress shown; what is wrong where that fails."""
    name = file.path.name
    bar = st.progress(0.0, text=name)

    def show(read: int, of: int) -> None:
        text = Text(f"{name}：已读 {number(read)} 行", f"{name}: {number(read)} rows read")
        bar.progress(min(1.0, read / max(1, of)), text=here.say(text))

    how: dict[str, Any] = {"reading": file.reading, "limit": limit, "by": by or None}
    try:
        done = prepare(file.path, file.extract.name, _mapping_used(file), progress=show, **how)
        read_here(done.id)
    except BrigadeError as error:
        return error.text
    return None


def _mapping_used(file: _File) -> Path | None:
    """The mapping to read with; one that the reader changed is saved and used from now on."""
    chosen = with_rules(file.mapping, file.rules)
    if chosen is None:
        return None
    if not file.rules:
        return Path(chosen.name)
    path = own_mapping(file.extract.name)
    write_mapping(path, chosen.rules, file.extract, default=True)
    return path
