"""What an import did, in words."""

from collections.abc import Iterable, Mapping, Sequence

from brigade.contracts import TIME_RECORDED, Contract, contract
from brigade.ingest.outcome import Faulty, Outcome, TooManyRejectedError
from brigade.ingest.validate import Rejected
from brigade.text import NOT_RECORDED, Text

VILLAGE = "行政村"
"""The kind of the villages for which the contract of ``village_items`` lists facilities."""

_EXAMPLES = 3
_COLUMNS = 5


def report(outcome: Outcome) -> Text:
    """The rows by what became of them, then what changed, gaps and what was left aside."""
    extract = contract(outcome.extract)
    parts = [_rows(outcome, extract), *_anew(outcome), *_changed(outcome, extract)]
    parts += [*_faults(outcome), *_doubts(outcome, extract), *_gaps(outcome, extract)]
    parts += [*_facilities(outcome), *_cleaned(outcome, extract), *_aside(outcome)]
    return Text("\n".join(part.zh for part in parts), "\n".join(part.en for part in parts))


def _rows(outcome: Outcome, extract: Contract) -> Text:
    rows = outcome.rows
    accepted = _of_them(
        (rows.added, Text("新增", "new")),
        (rows.replaced, Text("更正已有的", "corrections of earlier rows")),
        needed=rows.replaced,
    )
    duplicates = _of_them(
        (rows.unchanged, Text("与当前版本相同", "as in the release already")),
        (rows.repeated, Text("在文件中重复", "twice in the file")),
        (rows.superseded, Text("被文件中后面的更正取代", "corrected further down in the file")),
        needed=rows.duplicates,
    )
    done = Text(
        f"已导入“{extract.label.zh}”，发布为版本 {outcome.release}",
        f"was imported as “{extract.label.en}” and published as release {outcome.release}",
    )
    if not outcome.release:
        done = Text(
            f"已按“{extract.label.zh}”读入，尚未发布",
            f"was read as “{extract.label.en}” and isn't published yet",
        )
    return Text(
        f"{outcome.file} {done.zh}：读入 {rows.read:,} 行 = 采用 {rows.accepted:,}{accepted.zh}"
        f" + 重复 {rows.duplicates:,}{duplicates.zh} + 拒收 {rows.rejected:,}。",
        f"{outcome.file} {done.en}: {rows.read:,} rows read = {rows.accepted:,} accepted"
        f"{accepted.en} + {rows.duplicates:,} duplicates{duplicates.en} "
        f"+ {rows.rejected:,} rejected.",
    )


def _anew(outcome: Outcome) -> Iterable[Text]:
    if outcome.merged_anew:
        yield Text(
            "读入之后另一个版本已经生效，各行已与它重新合并，这里是合并后的数字。",
            "Another release came into force since the file was read; the rows were merged into "
            "that one, and these are the counts.",
        )


def _cleaned(outcome: Outcome, extract: Contract) -> Iterable[Text]:
    for one in outcome.cleaned:
        label = extract.columns[one.column].label
        yield Text(f"{label.zh}：{one.text.zh}。", f"{one.column}: {one.text.en}.")


def _of_them(*parts: tuple[int, Text], needed: int) -> Text:
    """In brackets, what a number is made of."""
    if not needed:
        return Text("", "")
    told = [(rows, text) for rows, text in parts if rows]
    if len(told) == 1:
        return Text(f"（{told[0][1].zh}）", f" ({told[0][1].en})")
    zh = "，".join(f"{text.zh} {rows:,} 行" for rows, text in told)
    en = ", ".join(f"{rows:,} {text.en}" for rows, text in told)
    return Text(f"（{zh}）", f" ({en})")


def _listed(extract: Contract, counts: Mapping[str, int]) -> Text:
    zh = "，".join(f"{extract.columns[name].label.zh} {rows:,} 行" for name, rows in counts.items())
    en = ", ".join(f"{name} {rows:,}" for name, rows in counts.items())
    return Text(zh, en)


def _changed(outcome: Outcome, extract: Contract) -> Iterable[Text]:
    if outcome.changed:
        shown = dict(list(outcome.changed.items())[:_COLUMNS])
        listed, more = _listed(extract, shown), len(outcome.changed) - len(shown)
        others = Text(f"，还有 {more} 列", f" and {more} more columns") if more else Text("", "")
        yield Text(
            f"更正的行中变了的列：{listed.zh}{others.zh}。",
            f"Columns that changed in corrected rows: {listed.en}{others.en}.",
        )


def _faults(outcome: Outcome) -> Iterable[Text]:
    if outcome.faults:
        zh = "；".join(
            f"{f'“{one.column}”' if one.column else ''}{one.reason.zh}（{one.rows:,} 行）"
            for one in outcome.faults
        )
        en = "; ".join(
            f"{f'“{one.column}”: ' if one.column else ''}{one.reason.en} ({one.rows:,})"
            for one in outcome.faults
        )
        yield Text(f"拒收的原因：{zh}。", f"Why rows were rejected: {en}.")
    if outcome.rejects:
        using = (
            Text("（用同一个映射）", " with the same mapping") if outcome.mapping else Text("", "")
        )
        yield Text(
            f"拒收的行及原因见 {outcome.rejects}，改正后可再次导入{using.zh}。",
            f"The rejected rows and why are in {outcome.rejects}; "
            f"put right, they can be imported{using.en}.",
        )


def _doubts(outcome: Outcome, extract: Contract) -> Iterable[Text]:
    for one in (*outcome.doubts, *outcome.contradictions):
        label, more = extract.columns[one.column].label, one.rows > len(one.at)
        yield Text(
            f"注意：{label.zh}{one.reason.zh}（{one.rows:,} 行，照收）：{'、'.join(one.values)}，"
            f"见第 {'、'.join(map(str, one.at))} 行{'等' if more else ''}。",
            f"Note, {one.column}: {one.reason.en} ({one.rows:,}, taken as they are): "
            f"{', '.join(one.values)}; see row {', '.join(map(str, one.at))}"
            f"{' and others' if more else ''}.",
        )


def _gaps(outcome: Outcome, extract: Contract) -> Iterable[Text]:
    if outcome.gaps:
        listed = _listed(extract, outcome.gaps)
        yield Text(
            f"采用的行中没有内容、显示为“{NOT_RECORDED.zh}”的：{listed.zh}。",
            f"Accepted rows without a value, shown as “{NOT_RECORDED.en}”: {listed.en}.",
        )
    for name, rows in outcome.date_only.items():
        hour = Text("", "")
        if name == extract.time and TIME_RECORDED in extract.columns:
            hour = Text(
                f"，时段显示为“{NOT_RECORDED.zh}”", f" and their hour is “{NOT_RECORDED.en}”"
            )
        yield Text(
            f"{extract.columns[name].label.zh}有 {rows:,} 行只有日期、没有可用的时刻，"
            f"记在当天 00:00{hour.zh}。",
            f"Of {name} {rows:,} rows have a date and no usable time of day; they stand at 00:00"
            f"{hour.en}.",
        )


def _facilities(outcome: Outcome) -> Iterable[Text]:
    if outcome.no_village:
        kind = contract(outcome.extract).column("kind").label
        items = contract("village_items").label
        yield Text(
            f"注意：版本中没有一行的{kind.zh}是“{VILLAGE}”，因此“{items.zh}”显示不出任何设施。"
            f"请在文件中填写“{kind.zh}”列后再导入。",
            f"Note: no row in the release has the kind {VILLAGE}, so “{items.en}” can show none. "
            f"Fill in the column “{kind.en}” of the file and import it again.",
        )


def _aside(outcome: Outcome) -> Iterable[Text]:
    for finding in outcome.findings:
        note = Text("注意：", "Note: ") if finding.warning else Text("", "")
        yield Text(note.zh + finding.text.zh, note.en + finding.text.en)
    if outcome.mapping:
        yield Text(f"所用映射：{outcome.mapping}。", f"Mapping used: {outcome.mapping}.")
    if outcome.lacking:
        yield Text(
            f"映射里写了、文件里没有的列：{'、'.join(outcome.lacking)}。",
            f"Named in the mapping and not in the file: {', '.join(outcome.lacking)}.",
        )
    if outcome.unused:
        yield Text(
            f"没有导入的列：{'、'.join(outcome.unused)}。",
            f"Columns not imported: {', '.join(outcome.unused)}.",
        )


def refusal(
    file: str,
    read: int,
    rejected: int,
    faults: Sequence[Faulty],
    examples: Sequence[Rejected],
    limit: float,
) -> TooManyRejectedError:
    """Why a file is refused as a whole, with its first faults; ``limit`` in per cent."""
    shown = examples[:_EXAMPLES]
    zh = "；".join(f"第 {one.row} 行{_at(one, '列')}：{one.reason.zh}" for one in shown)
    en = "; ".join(f"row {one.row}{_at(one, ', column ')}: {one.reason.en}" for one in shown)
    text = Text(
        f"文件 {file} 读到 {read:,} 行时已有 {rejected:,} 行不合要求，超过 {limit:g}%，"
        f"整个文件没有导入。例如{zh}。请改正文件或映射后再导入，或放宽拒收的比例（--limit）。",
        f"Of the first {read:,} rows of file {file} {rejected:,} are faulty, more than "
        f"{limit:g}%, and nothing was imported. For example {en}. "
        "Mend the file or the mapping and import it again, or allow a larger share (--limit).",
    )
    return TooManyRejectedError(text, read, rejected, faults)


def _at(one: Rejected, word: str) -> str:
    return f"{word}“{one.column}”“{one.value}”" if one.column else ""
