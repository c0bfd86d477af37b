"""Published beside computed: what each figure comes to, and the report on a whole list."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from brigade.engine.protocol import Engine
from brigade.engine.relations import Reader
from brigade.errors import InputError
from brigade.figures.compute import Computed, compute
from brigade.figures.consistency import Finding, check_text
from brigade.figures.published import Figure, Published
from brigade.figures.rounding import agreement, decimals_of, exact, next_round
from brigade.format import number, signed
from brigade.text import DASH, Lang, Text

Verdict = Literal["agrees", "truncated", "unlikely", "differs", "not_computed", "inconsistent"]
VERDICTS: dict[Verdict, Text] = {
    "agrees": Text("一致", "agrees"),
    "truncated": Text("仅截尾时一致", "agrees only if truncated"),
    "unlikely": Text("不大可能", "unlikely"),
    "differs": Text("不一致", "differs"),
    "inconsistent": Text("自相矛盾", "doesn't agree with itself"),
    "not_computed": Text("无法计算", "can't be computed"),
}
"""How each verdict is called."""
WRONG: tuple[Verdict, ...] = ("differs", "inconsistent")
"""The verdicts that a text should not go out with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One published figure with what the rows give, the verdict, and what there is to say of it."""

    figure: Figure
    computed: Computed
    verdict: Verdict
    why: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole list: every figure, and every check of the text against itself."""

    published: Published
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether anything differs from the rows or from itself."""
        return any(entry.verdict in WRONG for entry in self.entries) or any(
            finding.outcome in WRONG for finding in self.findings
        )

    def count(self, verdict: Verdict) -> int:
        """How many figures have a verdict."""
        return sum(entry.verdict == verdict for entry in self.entries)


def report_on(published: Published, file: str, engine: Engine, reader: Reader) -> Report:
    """Compute and judge every figure of a list; :class:`InputError` names ``file`` and entry."""
    try:
        findings = check_text(published, engine, reader)
        entries = tuple(
            _entry(figure, compute(figure, engine, reader), findings)
            for figure in published.figures
        )
    except InputError as error:
        raise InputError(Text(f"{file} 的 {error.text.zh}", f"{file}, {error.text.en}")) from error
    return Report(published, entries, findings)


def _entry(figure: Figure, computed: Computed, findings: Sequence[Finding]) -> Entry:
    about = [finding for finding in findings if figure.id in finding.figures]
    found: list[tuple[Verdict, Text | None]] = [_against_rows(figure, computed)]
    found += [(f.outcome, f.why) for f in about if f.outcome not in ("agrees", "not_computed")]
    wrong_unit = _unit_fault(figure, computed)
    if wrong_unit is not None:
        found.append(("inconsistent", wrong_unit))
    verdict = max((kind for kind, _ in found), key=_gravity)
    why = [text for _, text in found if text is not None]
    if figure.reason is not None and found[0][0] in ("differs", "truncated"):
        why.append(figure.reason)
    if figure.note is not None:
        why.append(figure.note)
    return Entry(figure, computed, verdict, (*why, *computed.chance))


def _gravity(verdict: Verdict) -> int:
    order: tuple[Verdict, ...] = (
        "agrees", "truncated", "not_computed", "unlikely", "differs", "inconsistent",
    )  # fmt: skip
    return order.index(verdict)


def _against_rows(figure: Figure, computed: Computed) -> tuple[Verdict, Text | None]:
    if computed.value is None:
        return "not_computed", computed.missing
    value = exact(computed.value) / figure.scale
    if figure.means == "exactly":
        match agreement(figure.value, value):
            case "rounded":
                return "agrees", None
            case "truncated":
                return "truncated", _only_truncated(figure, value)
    elif _is_meant(figure, value):
        return "agrees", None
    return "differs", _by(figure, value)


def _is_meant(figure: Figure, value: Decimal) -> bool:
    if figure.means == "and_some":
        return figure.value <= value < next_round(figure.value)
    return value > figure.value or (figure.means == "at_least" and value == figure.value)


def _only_truncated(figure: Figure, value: Decimal) -> Text:
    decimals = decimals_of(figure.value)
    rounded, exactly = number(float(value), decimals), number(float(value), decimals + 2)
    return Text(
        f"算得 {exactly}，四舍五入是 {rounded}，舍去尾数才是所公布的。",
        f"The rows give {exactly}, {rounded} when rounded; only truncated is it as published.",
    )


def _by(figure: Figure, value: Decimal) -> Text:
    places = max(decimals_of(figure.value), 0 if value == value.to_integral_value() else 1)
    by = signed(float(figure.value - value), places)
    return Text(f"公布减计算 = {by}。", f"Published less computed = {by}.")


def _unit_fault(figure: Figure, computed: Computed) -> Text | None:
    """What is wrong where a figure is published in another unit than the rows are counted in."""
    expected, given = computed.unit, figure.unit
    if figure.kind == "falls" or not (expected.zh and given.zh):
        return None
    if given.zh.endswith(expected.zh) or given.en == expected.en:
        return None
    return Text(
        f"公布的单位是“{given.zh}”，行里的单位是“{expected.zh}”。",
        f"Published in {given.zh}; the rows are counted in {expected.zh}.",
    )


def published_text(figure: Figure, lang: Lang) -> str:
    """A figure as it was published: with its unit, its precision and its “more than”."""
    text = number(float(figure.value), decimals_of(figure.value))
    if figure.kind == "change":
        text = signed(float(figure.value), decimals_of(figure.value))
    zh, en = _spaced(figure.unit.zh), _spaced(figure.unit.en)
    words = {
        "exactly": Text(f"{text}{zh}", f"{text}{en}"),
        "and_some": Text(f"{text} 余{zh.strip()}", f"{text}-odd{en}"),
        "at_least": Text(f"{text}{zh}以上", f"{text}{en} or more"),
        "more_than": Text(f"超过 {text}{zh}", f"more than {text}{en}"),
    }
    return words[figure.means].in_(lang)


def computed_text(entry: Entry, lang: Lang) -> str:
    """What the rows give, in the unit that it was published in; "—" where it can't be made."""
    computed, figure = entry.computed, entry.figure
    if computed.value is None:
        return DASH
    value = exact(computed.value) / figure.scale
    whole = value == value.to_integral_value() and decimals_of(figure.value) == 0
    places = 0 if whole else max(computed.decimals, decimals_of(figure.value))
    write = signed if figure.kind == "change" else number
    unit = computed.unit if _unit_fault(figure, computed) else figure.unit
    return write(float(value), places) + _spaced(unit.in_(lang))


def _spaced(unit: str) -> str:
    return unit if unit in ("", "%") else f" {unit}"
