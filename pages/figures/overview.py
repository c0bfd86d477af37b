"""Do the figures that were published agree with the rows, and with themselves?"""

from brigade.ui import Text, page_title, published_figures

page_title(
    Text("公布数据核对", "Published figures"),
    Text(
        "公布出去的数字，和记录对得上吗？自己和自己对得上吗？",
        "Do the figures that were published agree with the rows, and with themselves?",
    ),
)
published_figures()
