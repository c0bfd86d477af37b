"""What does a question of one's own find in the release?"""

from brigade.ui import Text, console, page_title

page_title(
    Text("SQL 查询", "SQL"),
    Text(
        "用一条 SELECT 向当前版本提自己的问题。",
        "Ask the release a question of your own, in one SELECT.",
    ),
)
console()
