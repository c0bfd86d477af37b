-- title: 各专项工作的记录 | Entries by programme
-- grain: one row per programme
-- note: 记录条数，不是数量：不同单位的数量不相加。 | Entries, not quantities: those of different units are never added.
select programme, sum(records) as ledger_entries
from work_ledger
group by programme
order by ledger_entries desc, programme
