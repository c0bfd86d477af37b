-- title: 各工作队伍的数量 | Quantities by team
-- grain: one row per item, unit, programme and team
select team, work, sum(quantity) as ledger_quantity, sum(records) as ledger_entries
from work_ledger
group by team, work
order by case when team is null then 1 else 0 end, work, ledger_quantity desc, team
