"""Who was involved in crashes, who was hurt and who died?"""

import streamlit as st

from brigade.ui import Heat, Text, kpis, page_title, records, view

GENERAL = {"crashes.procedure": ("一般程序",)}


def _parties(by: str) -> None:
    """Who was involved in crashes of the general procedure, and what became of them."""
    view(
        f"crashes/parties_by_{by}",
        Heat(x="injury", y=by, value="parties"),
        drill=("crash_parties.injury", f"crash_parties.{by}"),
        narrow=GENERAL,
    )


page_title(
    Text("涉事人员", "Who was involved"),
    Text(
        "谁出了事、谁受伤、谁死亡？什么交通方式、多大年纪、有没有驾照、戴没戴头盔、负什么责任？"
        "乘客不是当事人，因此当事人中的死伤可能少于上面的死亡、受伤人数。",
        "Who was involved, who was hurt and who died: by mode, age, licence, helmet or belt, and "
        "responsibility? Passengers are no parties, so fewer of these may be dead or hurt than the "
        "figures above count.",
    ),
)
kpis("crashes/summary", ["deaths", "injuries"], trend="crashes/by_month")
left, middle, right = st.columns(3)
with left:
    _parties("mode")
with middle:
    _parties("age_band")
    _parties("licence")
with right:
    _parties("responsibility")
    _parties("protected")
records("crash_parties")
