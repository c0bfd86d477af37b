-- title: 何时、何处等得久：等候时长第 90 百分位 | When and where people wait: 90th percentile
-- grain: one row per hall and ticket hour
-- adds: long_wait_share
-- ignores: service_records.long_wait, service_records.returned
-- note: 只计取号、叫号时间齐全的业务；网上和邮政办理的没有等候时间。 | Only tickets with both times; business online or by post has no waiting time.
select
  hall,
  ticket_hour,
  sum(records) as timed_tickets,
  sum(case when long_wait then records else 0 end) as long_waits,
  quantile_cont(wait_minutes, 0.5) as wait_median,
  quantile_cont(wait_minutes, 0.9) as wait_p90
from service_records
where wait_minutes is not null
group by hall, ticket_hour
order by hall, ticket_hour
