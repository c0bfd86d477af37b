"""What does each figure mean, and which rows does it count?"""

from brigade.ui import Text, catalogue, page_title

page_title(
    Text("指标说明", "Glossary of metrics"),
    Text(
        "每个数字是什么意思、怎么算、数的是哪些记录？",
        "What does each figure mean, how is it made, and which rows does it count?",
    ),
)
catalogue("metrics", Text("全部指标", "All metrics"))
