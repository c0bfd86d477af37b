-- title: 逐月记录 | Entries by month
-- grain: one row per month
-- note: 记录条数，不是数量：不同单位的数量不相加。 | Entries, not quantities: those of different units are never added.
select month, sum(records) as ledger_entries
from work_ledger
group by month
order by month
