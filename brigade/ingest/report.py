"""What an import did, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from brigade.contracts import TIME_RECORDED, contract
from brigade.errors import InputError
from brigade.ingest.merge import Merged
from brigade.ingest.plan import Plan
from brigade.ingest.validate import Rejected
from brigade.releases import Source
from brigade.text import NOT_RECORDED, Text

VILLAGE = "行政村"
"""The kind of the villages for which the contract of ``village_items`` lists facilities."""

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a report tells of one import.

    ``release`` is empty until it is published. ``rejects`` is where the rejected rows are listed;
    ``no_village`` says that villages were imported and none in the release has that kind;
    ``merged_anew`` that another release came into force since this one was prepared.
    """

    release: str
    plan: Plan
    source: Source
    merged: Merged
    rejects: Path | None
    no_village: bool = False
    merged_anew: bool = False


def report(outcome: Outcome) -> Text:
    """The rows by what became of them, then gaps and what was left aside, a line each."""
    parts = [
        *_anew(outcome),
        _rows(outcome),
        *_gaps(outcome),
        *_outside(outcome),
        *_facilities(outcome),
    ]
    parts += _aside(outcome)
    return Text("\n".join(part.zh for part in parts), "\n".join(part.en for part in parts))


def _rows(outcome: Outcome) -> Text:
    source, merged, extract = outcome.source, outcome.merged, outcome.plan.extract
    replaced = Text(
        f"（其中 {merged.replaced:,} 行替换了旧内容）",
        f" ({merged.replaced:,} of them in place of earlier content)",
    )
    superseded = Text(
        f"（其中 {merged.superseded:,} 行被文件中后面的更正取代）",
        f" ({merged.superseded:,} of them corrected further down in the file)",
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
    one = replaced if merged.replaced else Text("", "")
    other = superseded if merged.superseded else Text("", "")
    return Text(
        f"{source.file} {done.zh}：读入 {source.read:,} 行 = 采用 {source.accepted:,}{one.zh}"
        f" + 重复 {source.duplicates:,}{other.zh} + 拒收 {source.rejected:,}。",
        f"{source.file} {done.en}: {source.read:,} rows read = {source.accepted:,} accepted"
        f"{one.en} + {source.duplicates:,} duplicates{other.en} + {source.rejected:,} rejected.",
    )


def _anew(outcome: Outcome) -> Iterable[Text]:
    if outcome.merged_anew:
        yield Text(
            "读入期间另一个版本已经生效，各行已与它重新合并，下面是合并后的数字。",
            "Another release came into force meanwhile; the rows were merged into that one, and "
            "these are the counts.",
        )


def _gaps(outcome: Outcome) -> Iterable[Text]:
    columns, merged = outcome.plan.extract.columns, outcome.merged
    if merged.gaps:
        listed = merged.gaps.items()
        zh = "，".join(f"{columns[name].label.zh} {rows:,} 行" for name, rows in listed)
        en = ", ".join(f"{name} {rows:,}" for name, rows in listed)
        yield Text(
            f"采用的行中没有内容、显示为“{NOT_RECORDED.zh}”的：{zh}。",
            f"Accepted rows without a value, shown as “{NOT_RECORDED.en}”: {en}.",
        )
    for name, rows in merged.date_only.items():
        hour = Text("", "")
        if name == outcome.plan.extract.time and TIME_RECORDED in columns:
            hour = Text(
                f"，时段显示为“{NOT_RECORDED.zh}”", f" and their hour is “{NOT_RECORDED.en}”"
            )
        yield Text(
            f"{columns[name].label.zh}有 {rows:,} 行只有日期、没有可用的时刻，"
            f"记在当天 00:00{hour.zh}。",
            f"Of {name} {rows:,} rows have a date and no usable time of day; they stand at 00:00"
            f"{hour.en}.",
        )


def _outside(outcome: Outcome) -> Iterable[Text]:
    for name, outside in outcome.merged.outside.items():
        column = outcome.plan.extract.columns[name]
        yield Text(
            f"注意：{column.label.zh}有 {outside.rows:,} 行的取值不在代码表内（照收）："
            f"{'、'.join(outside.examples)}。",
            f"Note: {outside.rows:,} rows have a {name} outside its code list (taken as they are): "
            f"{', '.join(outside.examples)}.",
        )


def _facilities(outcome: Outcome) -> Iterable[Text]:
    if outcome.no_village:
        kind, items = outcome.plan.extract.column("kind").label, contract("village_items").label
        yield Text(
            f"注意：版本中没有一行的{kind.zh}是“{VILLAGE}”，因此“{items.zh}”显示不出任何设施。"
            f"请在文件中填写“{kind.zh}”列后再导入。",
            f"Note: no row in the release has the kind {VILLAGE}, so “{items.en}” can show none. "
            f"Fill in the column “{kind.en}” of the file and import it again.",
        )


def _aside(outcome: Outcome) -> Iterable[Text]:
    plan = outcome.plan
    if plan.mapping:
        yield Text(f"所用映射：{plan.mapping}。", f"Mapping used: {plan.mapping}.")
    if plan.lacking:
        yield Text(
            f"映射里写了、文件里没有的列：{'、'.join(plan.lacking)}。",
            f"Named in the mapping and not in the file: {', '.join(plan.lacking)}.",
        )
    if plan.unused:
        headers = [plan.headers[position] for position in plan.unused]
        yield Text(
            f"没有导入的列：{'、'.join(headers)}。", f"Columns not imported: {', '.join(headers)}."
        )
    if outcome.rejects:
        yield Text(
            f"拒收的行及原因见 {outcome.rejects}，改正后可再次导入。",
            f"The rejected rows and why are in {outcome.rejects}; put right, they can be imported.",
        )


def refusal(file: str, read: int, rejected: Sequence[Rejected], limit: int) -> InputError:
    """Why a file is refused as a whole, with its first faults; ``limit`` in per cent."""
    shown = rejected[:_EXAMPLES]
    zh = "；".join(f"第 {one.row} 行{_at(one, '列')}：{one.reason.zh}" for one in shown)
    en = "; ".join(f"row {one.row}{_at(one, ', column ')}: {one.reason.en}" for one in shown)
    return InputError(
        Text(
            f"文件 {file} 读到 {read:,} 行时已有 {len(rejected):,} 行不合要求，超过 {limit}%，"
            f"整个文件没有导入。例如{zh}。请改正文件或映射后再导入。",
            f"Of the first {read:,} rows of file {file} {len(rejected):,} are faulty, more than "
            f"{limit}%, and nothing was imported. For example {en}. "
            "Mend the file or the mapping and import it again.",
        )
    )


def _at(one: Rejected, word: str) -> str:
    return f"{word}“{one.column}”“{one.value}”" if one.column else ""
