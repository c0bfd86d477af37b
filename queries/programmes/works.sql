-- title: 做了什么、做了多少 | What was done, and how much of it
-- grain: one row per item, unit and programme
-- note: 点一行，看这一项的逐月、乡镇、队伍和逐条记录。 | Click a row for its months, townships, teams and entries.
select
  programme,
  item,
  unit,
  work,
  sum(quantity) as ledger_quantity,
  sum(records) as ledger_entries
from work_ledger
group by programme, item, unit, work
order by programme, ledger_entries desc, item, unit
