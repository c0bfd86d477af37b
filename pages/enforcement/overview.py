"""What was found on the roads, when, where and by whom?"""

from brigade.ui import Bar, Text, page_title, records, view

page_title(
    Text("执法总览", "Enforcement"),
    Text("查处了什么？何时、何地、由谁？", "What was found, when, where and by whom?"),
)
view("enforcement/by_township", Bar(y="township", x="violations"), drill="township")
records("violations")
