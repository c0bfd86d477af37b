-- title: 期末有效的目标 | Targets in force at the period's end
-- grain: one row per metric, township and span; no township is the whole county
-- compare: none
select targets.metric, targets.township, targets.starts_on, targets.ends_on, targets.target
from targets
cross join period
where targets.starts_on <= period.ends_on
  and targets.ends_on >= period.ends_on
order by targets.metric, targets.township, targets.starts_on
