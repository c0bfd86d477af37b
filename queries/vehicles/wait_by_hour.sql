-- title: 各时段等候时长 | Waiting by hour of the ticket
-- grain: one row per ticket hour
-- adds: long_wait_share
-- ignores: service_records.long_wait, service_records.returned
select
  ticket_hour,
  sum(records) as timed_tickets,
  sum(case when long_wait then records else 0 end) as long_waits,
  quantile_cont(wait_minutes, 0.5) as wait_median,
  quantile_cont(wait_minutes, 0.9) as wait_p90
from service_records
where wait_minutes is not null
group by ticket_hour
order by ticket_hour
