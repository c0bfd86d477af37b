"""What does the release hold, to which day, and from which files?"""

from brigade.ui import Text, catalogue, page_title, release_said

page_title(
    Text("数据来源", "Extracts"),
    Text(
        "当前版本有哪些数据、到哪一天、来自哪些文件、剔除了多少行？",
        "What does the release hold, to which day, from which files, and what was left out?",
    ),
)
release_said()
catalogue("extracts", Text("各项数据", "Extracts"))
catalogue("sources", Text("源文件", "Source files"))
