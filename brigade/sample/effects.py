"""What is built into the sample, read from effects.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

Value = float | list[float] | dict[str, float]


@dataclass(frozen=True)
class Effect:
    """One number or set of numbers that the rows are drawn by, with its meaning."""

    name: str
    value: Value
    en: str
    zh: str

    def shown(self) -> str:
        """The value as docs/sample.md shows it."""
        if isinstance(self.value, dict):
            return ", ".join(f"{name} {number}" for name, number in self.value.items())
        if isinstance(self.value, list):
            return ", ".join(str(number) for number in self.value)
        return str(self.value)


def _read() -> dict[str, Effect]:
    text = Path(__file__).with_name("effects.toml").read_text(encoding="utf-8")
    return {name: Effect(name=name, **entry) for name, entry in tomllib.loads(text).items()}


EFFECTS = _read()


def number(name: str) -> float:
    """The effect of that name, which is one number."""
    value = EFFECTS[name].value
    if isinstance(value, list | dict):
        raise TypeError(f"{name} holds several numbers")
    return value


def series(name: str) -> list[float]:
    """The effect of that name, which is a list."""
    value = EFFECTS[name].value
    if not isinstance(value, list):
        raise TypeError(f"{name} is not a list")
    return value


def by_name(name: str) -> dict[str, float]:
    """The effect of that name, which holds numbers by name."""
    value = EFFECTS[name].value
    if not isinstance(value, dict):
        raise TypeError(f"{name} holds no names")
    return value
