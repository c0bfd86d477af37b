"""What the app says, in both languages side by side.

A :class:`Text` holds the Chinese and the English form of one message, so that a message can't
exist in one language only, and a type checker sees every place that forgets to choose.
"""

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One message in Chinese and in English."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """The message in one language."""
        return self.zh if lang == "zh" else self.en


NOT_RECORDED = Text("未记录", "not recorded")
"""How a null value of a dimension is shown, and how a filter on nulls is written."""

YES = Text("是", "yes")
NO = Text("否", "no")
DASH = "—"
"""Stands for every number that can't be made."""
SYNTHETIC = Text("示例数据（合成）", "sample data (synthetic)")
