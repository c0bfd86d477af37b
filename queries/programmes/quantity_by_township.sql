-- title: 各乡镇街道的数量 | Quantities by township
-- grain: one row per item, unit, programme and township
select township, work, sum(quantity) as ledger_quantity, sum(records) as ledger_entries
from work_ledger
group by township, work
order by case when township is null then 1 else 0 end, work, ledger_quantity desc, township
