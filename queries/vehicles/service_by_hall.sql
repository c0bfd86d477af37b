-- title: 各网点办理量 | Transactions by hall
-- grain: one row per hall
-- adds: returned_share
-- ignores: service_records.long_wait, service_records.returned
select
  hall,
  sum(records) as transactions,
  sum(case when returned then records when returned is not null then 0 end) as returned_applications,
  sum(case when returned is not null then records else 0 end) as returns_known
from service_records
group by hall
order by transactions desc, hall
