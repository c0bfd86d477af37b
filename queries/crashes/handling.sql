-- title: 逃逸与认定 | Hit and run, determination
-- grain: one row
-- ignores: crashes.procedure, crashes.hit_and_run, crashes.determination
with handled as (
  select
    case when sum(records) is null then 0 else
      sum(case when hit_and_run then records when hit_and_run is not null then 0 end)
    end as hit_and_run_crashes,
    case when sum(records) is null then 0 else
      sum(case when hit_and_run and determination <> '已认定' then records
        when hit_and_run is not null and determination is not null then 0 end)
    end as hit_and_run_open,
    quantile_cont(
      case when procedure = '一般程序' and determination = '已认定' then days_to_determination end,
      0.5
    ) as determination_median,
    quantile_cont(
      case when procedure = '一般程序' and determination = '已认定' then days_to_determination end,
      0.9
    ) as determination_p90
  from crashes
),
waiting as (
  select
    case when sum(records) is null then 0 else
      sum(case when procedure = '一般程序' and determination = '未认定，超过 10 日' then records
        when procedure is not null and determination is not null then 0 end)
    end as determination_overdue,
    case when sum(records) is null then 0 else
      sum(case when procedure = '一般程序' and determination = '未认定，10 日内' then records
        when procedure is not null and determination is not null then 0 end)
    end as determination_pending
  from crashes_to_date
)
select
  handled.hit_and_run_crashes,
  handled.hit_and_run_open,
  handled.determination_median,
  handled.determination_p90,
  waiting.determination_overdue,
  waiting.determination_pending
from handled
cross join waiting
