-- title: 逐月业务量 | Transactions by month
-- grain: one row per month
-- adds: returned_share, long_wait_share
-- ignores: service_records.long_wait, service_records.returned
select
  month,
  sum(records) as transactions,
  sum(case when returned then records when returned is not null then 0 end) as returned_applications,
  sum(case when returned is not null then records else 0 end) as returns_known,
  sum(case when plated_on_site then records when plated_on_site is not null then 0 end)
    as vehicles_plated,
  sum(case when wait_minutes is not null then records else 0 end) as timed_tickets,
  sum(case when long_wait then records when long_wait is not null then 0 end) as long_waits,
  quantile_cont(wait_minutes, 0.5) as wait_median,
  quantile_cont(wait_minutes, 0.9) as wait_p90
from service_records
group by month
order by month
