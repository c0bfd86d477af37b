-- title: 各类业务办理时长 | Handling by kind of business
-- grain: one row per business
-- ignores: service_records.long_wait, service_records.returned
select
  business,
  sum(records) as timed_tickets,
  quantile_cont(handle_minutes, 0.5) as handle_median,
  quantile_cont(handle_minutes, 0.9) as handle_p90
from service_records
where wait_minutes is not null
group by business
order by handle_p90 desc, business
