"""A text held against itself: parts and their sum, a ratio, a change, what is likely."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from brigade.engine.protocol import Engine
from brigade.engine.relations import Reader
from brigade.errors import ContractError, InputError
from brigade.figures.compute import value_of_metric
from brigade.figures.published import Check, Figure, Published
from brigade.figures.rounding import Agreement, agreement, exact, half_step
from brigade.filters import Period
from brigade.format import number, signed
from brigade.metrics import metric
from brigade.text import Text

Outcome = Literal["agrees", "truncated", "unlikely", "inconsistent", "not_computed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check of the text against itself says, and of which figures."""

    check: Check
    outcome: Outcome
    why: Text
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A number of the text, in its own unit as written and as it counts."""

    written: Decimal
    scale: int
    unit: Text | None

    @property
    def value(self) -> Decimal:
        return self.written * self.scale

    @property
    def loose(self) -> Decimal:
        return half_step(self.written) * self.scale


def check_text(published: Published, engine: Engine | None, reader: Reader) -> tuple[Finding, ...]:
    """Every check of the file in order; ``engine`` is for those that read rows beside the text."""
    figures = {figure.id: figure for figure in published.figures}
    return tuple(_finding(check, figures, engine, reader) for check in published.checks)


def _finding(
    check: Check, figures: Mapping[str, Figure], engine: Engine | None, reader: Reader
) -> Finding:
    parts = [_part(part, figures) for part in check.parts]
    match check.kind:
        case "sum":
            outcome, why = _sum(parts)
        case "ratio":
            outcome, why = _ratio(*parts)
        case "change":
            outcome, why = _change(*parts)
        case "likely":
            outcome, why = _likely(check, parts, engine, reader)
    return Finding(check, outcome, why, _in_doubt(check))


def _in_doubt(check: Check) -> tuple[str, ...]:
    """The figures that a check is about: of a ratio or a change the one that its numbers should
    give, of a quotient not what it is taken by."""
    named = tuple(part for part in check.parts if isinstance(part, str))
    if check.kind == "likely":
        return tuple(part for part in check.parts[:-1] if isinstance(part, str))
    stated = check.parts[-1]
    return (stated,) if check.kind != "sum" and isinstance(stated, str) else named


def _part(part: str | Decimal, figures: Mapping[str, Figure]) -> _Part:
    if isinstance(part, Decimal):
        return _Part(part, 1, None)
    figure = figures[part]
    return _Part(figure.value, figure.scale, figure.unit)


def _number(value: Decimal) -> str:
    exponent = value.normalize().as_tuple().exponent
    return number(float(value), max(0, -exponent) if isinstance(exponent, int) else 0)


def _units(parts: list[_Part]) -> Text | None:
    """What is wrong where the parts are counted in different units; None where nothing is."""
    units = dict.fromkeys(part.unit for part in parts if part.unit and part.unit.zh)
    if len({unit.zh for unit in units if unit}) < 2:
        return None
    zh = "、".join(unit.zh for unit in units if unit)
    en = ", ".join(unit.en for unit in units if unit)
    return Text(
        f"单位不同（{zh}），不能合在一起算。",
        f"The units differ ({en}): such numbers don't go together.",
    )


def _sum(parts: list[_Part]) -> tuple[Outcome, Text]:
    wrong = _units(parts)
    if wrong is not None:
        return "inconsistent", wrong
    *summands, total = parts
    given = sum((part.value for part in summands), Decimal(0))
    terms = " + ".join(_number(part.value) for part in summands)
    working = f"{terms} = {_number(given)}"
    surplus = given - total.value
    if abs(surplus) <= sum((part.loose for part in parts), Decimal(0)):
        return "agrees", Text(working, working)
    more = surplus > 0
    by, stated = _number(abs(surplus)), _number(total.value)
    return "inconsistent", Text(
        f"{working}，比所写的合计 {stated} {'多' if more else '少'} {by}。",
        f"{working}: {by} {'more' if more else 'less'} than the total stated, {stated}.",
    )


_OUTCOMES: Mapping[Agreement, Outcome] = {
    "rounded": "agrees",
    "truncated": "truncated",
    "no": "inconsistent",
}


def _ratio(top: _Part, bottom: _Part, stated: _Part) -> tuple[Outcome, Text]:
    if not bottom.value:
        return "inconsistent", Text("分母是零。", "The denominator is zero.")
    percent = stated.unit is None or stated.unit.en == "%"
    given = top.value / bottom.value * (100 if percent else 1) / stated.scale
    working = f"{_number(top.value)} ÷ {_number(bottom.value)} = {number(float(given), 2)}"
    return _against(working + ("%" if percent else ""), given, stated)


def _against(working: str, given: Decimal, stated: _Part) -> tuple[Outcome, Text]:
    """A number that its parts give, held against the one stated."""
    outcome = _OUTCOMES[agreement(stated.written, given)]
    written = _number(stated.written)
    if outcome == "truncated":
        return outcome, Text(
            f"{working}，只有舍去尾数才是 {written}。",
            f"{working}: {written} only if truncated.",
        )
    if outcome == "inconsistent":
        return outcome, Text(f"{working}，不是所写的 {written}。", f"{working}, not {written}.")
    return outcome, Text(working, working)


def _change(before: _Part, now: _Part, stated: _Part) -> tuple[Outcome, Text]:
    wrong = _units([before, now])
    if wrong is not None:
        return "inconsistent", wrong
    if not before.value:
        return "inconsistent", Text("上期为零，不算百分比。", "Nothing before, so no percentage.")
    difference = now.value - before.value
    given = difference / before.value * 100
    working = f"{_number(before.value)} → {_number(now.value)} = {signed(float(given), 2)}%"
    outcome, why = _against(working, given, stated)
    if outcome != "inconsistent":
        return outcome, why
    if now.value and agreement(stated.written, difference / now.value * 100) != "no":
        return outcome, Text(
            f"{why.zh}错用本期数 {_number(now.value)} 作了基数，应以上期数 "
            f"{_number(before.value)} 为基数。",
            f"{why.en} It was taken of the number now, {_number(now.value)}, and not of the one "
            f"before, {_number(before.value)}.",
        )
    if agreement(-stated.written, given) != "no":
        return outcome, Text(f"{why.zh}升降写反了。", f"{why.en} Rise and fall are mixed up.")
    return outcome, why


def _likely(
    check: Check, parts: list[_Part], engine: Engine | None, reader: Reader
) -> tuple[Outcome, Text]:
    try:
        metric_ = metric(str(check.metric))
    except ContractError as error:
        raise InputError(
            Text(f"[check.{check.id}]：{error.text.zh}", f"[check.{check.id}]: {error.text.en}")
        ) from error
    *parts, per = parts
    usual = None
    if engine is not None and engine.release.oldest_day and engine.release.newest_day:
        whole = Period(engine.release.oldest_day, engine.release.newest_day)
        usual = value_of_metric(metric_.name, whole, engine, reader)
    if usual is None or not per.value:
        return "not_computed", Text(
            f"没有“{metric_.label.zh}”可比。",
            f"No {metric_.label.en.lower()} to hold it against.",
        )
    quotients = [part.value / per.value for part in parts]
    workings = [
        f"{_number(part.value)} ÷ {_number(per.value)} = {number(float(q), 1 if q < 100 else 0)}"
        for part, q in zip(parts, quotients, strict=True)
    ]
    beside = number(usual, 1)
    outcome: Outcome = "unlikely" if quotients[0] >= exact(usual) * check.times else "agrees"
    return outcome, Text(
        f"{'；'.join(workings)}。{metric_.label.zh}是 {beside}。"
        + (check.why.zh if check.why else ""),
        f"{'; '.join(workings)}. {metric_.label.en}: {beside}. "
        + (check.why.en if check.why else ""),
    )
