-- title: 各类业务办理量 | Transactions by kind of business
-- grain: one row per business
-- adds: returned_share
-- ignores: service_records.long_wait, service_records.returned
select
  business,
  sum(records) as transactions,
  sum(case when returned then records when returned is not null then 0 end) as returned_applications,
  sum(case when returned is not null then records else 0 end) as returns_known
from service_records
group by business
order by transactions desc, business
