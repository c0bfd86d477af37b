-- title: 业务与等候 | Business and waiting
-- grain: one row
-- adds: long_wait_share, returned_share
-- ignores: service_records.long_wait, service_records.returned
select
  coalesce(sum(records), 0) as transactions,
  coalesce(sum(case when wait_minutes is not null then records else 0 end), 0) as timed_tickets,
  case when sum(records) is null then 0 else
    sum(case when long_wait then records when long_wait is not null then 0 end)
  end as long_waits,
  quantile_cont(wait_minutes, 0.5) as wait_median,
  quantile_cont(wait_minutes, 0.9) as wait_p90,
  quantile_cont(case when wait_minutes is not null then handle_minutes end, 0.5) as handle_median,
  quantile_cont(case when wait_minutes is not null then handle_minutes end, 0.9) as handle_p90,
  case when sum(records) is null then 0 else
    sum(case when returned then records when returned is not null then 0 end)
  end as returned_applications,
  coalesce(sum(case when returned is not null then records else 0 end), 0) as returns_known,
  case when sum(records) is null then 0 else
    sum(case when plated_on_site then records when plated_on_site is not null then 0 end)
  end as vehicles_plated
from service_records
