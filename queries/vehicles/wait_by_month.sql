-- title: 逐月等候时长第 90 百分位 | Waiting, 90th percentile, by month
-- grain: one row per month
-- adds: long_wait_share
-- ignores: service_records.long_wait, service_records.returned
select
  month,
  sum(records) as timed_tickets,
  sum(case when long_wait then records else 0 end) as long_waits,
  quantile_cont(wait_minutes, 0.5) as wait_median,
  quantile_cont(wait_minutes, 0.9) as wait_p90
from service_records
where wait_minutes is not null
group by month
order by month
