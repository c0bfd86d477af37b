"""What does the office have, what will become of its rows, and shall they be published?"""

from brigade.ui import Text, dropped_files, page_title, waiting_imports

page_title(
    Text("导入", "Import"),
    Text(
        "文件被当作什么？每一行会怎样？有问题的行在哪里？确认之后再发布。",
        "What is a file taken for, what becomes of each of its rows, and which are at fault? "
        "Nothing is in force before it is published.",
    ),
)
waiting_imports()
dropped_files()
