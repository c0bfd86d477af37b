"""Which targets are on track by now, and which are not?"""

from brigade.ui import Text, page_title, target_table

page_title(
    Text("目标", "Targets"),
    Text(
        "各项目标到期末完成了多少？按均速够不够？",
        "How much of each target is done by the period's end, and is that enough at even pace?",
    ),
)
target_table(Text("目标进展", "Targets in force"))
target_table(Text("各乡镇街道的目标", "Targets of the townships"), by_township=True)
