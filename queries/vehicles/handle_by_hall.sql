-- title: 各网点办理时长 | Handling by hall
-- grain: one row per hall
-- ignores: service_records.long_wait, service_records.returned
select
  hall,
  sum(records) as timed_tickets,
  quantile_cont(handle_minutes, 0.5) as handle_median,
  quantile_cont(handle_minutes, 0.9) as handle_p90
from service_records
where wait_minutes is not null
group by hall
order by handle_p90 desc, hall
