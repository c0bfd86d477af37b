-- title: 喇叭天天响 | Loudspeakers every day
-- grain: one row
-- adds: broadcast_share
-- note: 应广播数 = 有广播的村 × 天数。 | Broadcasts due = villages with broadcasts × days.
with counted as (
  select
    coalesce(sum(records), 0) as broadcast_days,
    count(distinct village_code) as broadcast_villages
  from broadcasts
)
select
  counted.broadcast_days as broadcast_days,
  counted.broadcast_villages * (date_diff('day', period.starts_on, period.ends_on) + 1)
    as broadcast_days_due
from counted
cross join period
