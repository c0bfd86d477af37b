-- title: 目标 | Targets
-- grain: one row per metric
-- compare: none
select targets.metric, targets.starts_on, targets.ends_on, sum(targets.target) as target
from targets
cross join period
where targets.starts_on <= period.ends_on
  and targets.ends_on >= period.ends_on
  and targets.township is null
group by targets.metric, targets.starts_on, targets.ends_on
order by targets.metric
