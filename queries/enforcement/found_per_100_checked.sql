-- title: 每检查百辆查获违法 | Violations found per 100 vehicles checked
-- grain: one row per duty
-- adds: found_per_100_checked
-- ignores: township, village_code, road_class, vehicle_type, hour, weekday, campaign, campaign_id, operation_date, violations.on_campaign, violations.source, violations.merged_into, violations.village_code_now
-- note: 跨过时段末尾的行动不计。 | Operations that run past the period's end are left out.
with operations as (
  select campaign_id, duty, vehicles_checked
  from campaigns
  where ended and vehicles_checked is not null
),
routine as (
  select day, duty, sum(vehicles_checked) as vehicles_checked
  from duty_shifts
  where vehicles_checked is not null
  group by day, duty
),
counted as (
  select duty, vehicles_checked, 0 as found from operations
  union all
  select duty, vehicles_checked, 0 as found from routine
  union all
  select operations.duty, 0 as vehicles_checked, sum(violations.records) as found
  from violations
  inner join operations on violations.campaign_id = operations.campaign_id
  where violations.source = '现场'
  group by operations.duty
  union all
  select routine.duty, 0 as vehicles_checked, sum(violations.records) as found
  from violations
  inner join routine on violations.day = routine.day and violations.duty = routine.duty
  group by routine.duty
),
totals as (
  select duty, sum(vehicles_checked) as vehicles_checked, sum(found) as found
  from counted
  group by duty
)
select duty, vehicles_checked, found
from totals
order by found * 1.0 / nullif(vehicles_checked, 0) desc nulls last, duty
