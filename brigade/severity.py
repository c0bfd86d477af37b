"""How much a crash, an injured person and a death count where places are ranked by harm."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache

from brigade import house
from brigade.errors import ContractError
from brigade.text import Text

_FILE = "severity_weights.toml"


@dataclass(frozen=True, slots=True)
class SeverityWeights:
    """Harm = ``crash`` × crashes + ``injury`` × injured + ``death`` × deaths; ``basis`` says where
    the weights are from."""

    crash: float
    injury: float
    death: float
    basis: Text


@cache
def severity_weights() -> SeverityWeights:
    """The weights of ``data/reference/severity_weights.toml``; :class:`ContractError` names what is
    wrong in it."""
    try:
        with (house.REFERENCE / _FILE).open("rb") as file:
            raw = tomllib.load(file)
        weights = {name: float(raw["weights"][name]) for name in ("crash", "injury", "death")}
        basis = Text(raw["basis"]["zh"], raw["basis"]["en"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ContractError(
            Text(
                f"{_FILE} 读不懂（{error}），请改正。",
                f"{_FILE} can't be read ({error}); mend it.",
            )
        ) from error
    for name, weight in weights.items():
        if not 0 <= weight < math.inf:
            raise ContractError(
                Text(
                    f"{_FILE} 中 {name} 的权重是 {weight}，应为不小于零的数。",
                    f"{_FILE}: the weight of {name} is {weight} and should be a number from 0 up.",
                )
            )
    return SeverityWeights(**weights, basis=basis)
