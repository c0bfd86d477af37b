"""Which rows are behind a figure?"""

from brigade.ui import Text, any_records, page_title

page_title(
    Text("逐条记录", "The rows"),
    Text("这个数字由哪些记录构成？", "Which rows make up this figure?"),
)
any_records()
