-- title: 各网点等候时长 | Waiting by hall
-- grain: one row per hall
-- adds: long_wait_share
-- ignores: service_records.long_wait, service_records.returned
select
  hall,
  sum(records) as timed_tickets,
  sum(case when long_wait then records else 0 end) as long_waits,
  quantile_cont(wait_minutes, 0.5) as wait_median,
  quantile_cont(wait_minutes, 0.9) as wait_p90
from service_records
where wait_minutes is not null
group by hall
order by wait_p90 desc, hall
