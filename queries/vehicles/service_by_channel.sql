-- title: 各办理渠道办理量 | Transactions by channel
-- grain: one row per channel
-- adds: returned_share
-- ignores: service_records.long_wait, service_records.returned
select
  channel,
  sum(records) as transactions,
  sum(case when returned then records when returned is not null then 0 end) as returned_applications,
  sum(case when returned is not null then records else 0 end) as returns_known
from service_records
group by channel
order by transactions desc, channel
