-- title: 台账概况 | The ledger at a glance
-- grain: one row
select
  coalesce(sum(records), 0) as ledger_entries,
  count(distinct programme) as ledger_programmes,
  count(distinct work) as ledger_works
from work_ledger
