-- title: 各时段办理时长 | Handling by hour of the ticket
-- grain: one row per ticket hour
-- ignores: service_records.long_wait, service_records.returned
select
  ticket_hour,
  sum(records) as timed_tickets,
  quantile_cont(handle_minutes, 0.5) as handle_median,
  quantile_cont(handle_minutes, 0.9) as handle_p90
from service_records
where wait_minutes is not null
group by ticket_hour
order by ticket_hour
