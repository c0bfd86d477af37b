-- title: 各事项逐月数量 | Quantities by month
-- grain: one row per item, unit, programme and month
select month, work, sum(quantity) as ledger_quantity, sum(records) as ledger_entries
from work_ledger
group by month, work
order by work, month
