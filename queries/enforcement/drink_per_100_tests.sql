-- title: 每百次呼气检测查获酒驾醉驾 | Drink-drivers found per 100 breath tests
-- grain: one row per duty
-- adds: drink_per_100_tests
-- ignores: township, village_code, road_class, vehicle_type, hour, weekday, campaign, campaign_id, operation_date, violations.on_campaign, violations.source, violations.merged_into, violations.village_code_now
-- note: 检测得少时多半只测可疑的人，此率偏高，请与每百辆查获一并看。跨过时段末尾的行动不计。 | Where few are tested it is mostly suspects, and the rate runs high: read it beside the one per 100 vehicles. Operations that run past the period's end are left out.
with operations as (
  select campaign_id, duty, breath_tested
  from campaigns
  where ended and breath_tested is not null
),
routine as (
  select day, duty, sum(breath_tested) as breath_tested
  from duty_shifts
  where breath_tested is not null
  group by day, duty
),
counted as (
  select duty, breath_tested, 0 as drink_found from operations
  union all
  select duty, breath_tested, 0 as drink_found from routine
  union all
  select operations.duty, 0 as breath_tested, sum(violations.records) as drink_found
  from violations
  inner join operations on violations.campaign_id = operations.campaign_id
  where violations.source = '现场' and violations.drink
  group by operations.duty
  union all
  select routine.duty, 0 as breath_tested, sum(violations.records) as drink_found
  from violations
  inner join routine on violations.day = routine.day and violations.duty = routine.duty
  where violations.drink
  group by routine.duty
),
totals as (
  select duty, sum(breath_tested) as breath_tested, sum(drink_found) as drink_found
  from counted
  group by duty
)
select duty, breath_tested, drink_found
from totals
order by drink_found * 1.0 / nullif(breath_tested, 0) desc nulls last, duty
