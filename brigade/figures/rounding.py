"""Whether a number that was written with some decimals is the one that was computed."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

Agreement = Literal["rounded", "truncated", "no"]


def exact(value: float | int | Decimal) -> Decimal:
    """A number as a decimal, as it would be written."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def decimals_of(written: Decimal) -> int:
    """How many decimals a number was written with."""
    exponent = written.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def agreement(written: Decimal, value: Decimal) -> Agreement:
    """Whether ``value``, cut to the decimals of ``written``, is ``written``: rounded half away from
    zero as people do, or only when the further digits are dropped."""
    step = Decimal(1).scaleb(-decimals_of(written))
    if value.quantize(step, ROUND_HALF_UP) == written:
        return "rounded"
    return "truncated" if value.quantize(step, ROUND_DOWN) == written else "no"


def half_step(written: Decimal) -> Decimal:
    """How far the number meant may lie from the one written: nothing for a whole number."""
    places = decimals_of(written)
    return Decimal(5).scaleb(-places - 1) if places else Decimal(0)


def next_round(written: Decimal) -> Decimal:
    """The next number as round as this one: 300 after 200, 2,700 after 2,600, 90 after 80."""
    plain = written.normalize().as_tuple().exponent
    return written + Decimal(1).scaleb(plain if isinstance(plain, int) else 0)
