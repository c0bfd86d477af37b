"""Which columns does an extract have, and what do they mean?"""

from brigade.ui import Text, catalogue, page_title

page_title(
    Text("数据字典", "Dictionary"),
    Text(
        "每项数据有哪些列？是什么意思、什么类型、有哪些取值？",
        "Which columns does each extract have, of what type, with which codes?",
    ),
)
catalogue("columns", Text("全部列", "All columns"))
