-- title: 专项行动概况 | Operations at a glance
-- grain: one row
-- ignores: township, village_code, road_class, vehicle_type, hour, weekday, violations.on_campaign, violations.source, violations.merged_into, violations.village_code_now
with led as (
  select
    sum(records) as operations,
    sum(officers) as officers,
    sum(vehicles_checked) as vehicles_checked,
    sum(breath_tested) as breath_tested
  from campaigns
),
found as (
  select
    sum(records) as violations_found,
    sum(case when drink then records when drink is not null then 0 end) as drink_found
  from violations
  where on_campaign and source = '现场'
)
select
  coalesce(led.operations, 0) as operations,
  case when led.operations is null then 0 else led.officers end as officers,
  case when led.operations is null then 0 else led.vehicles_checked end as vehicles_checked,
  case when led.operations is null then 0 else led.breath_tested end as breath_tested,
  coalesce(found.violations_found, 0) as operation_violations,
  case when found.violations_found is null then 0 else found.drink_found end as operation_drink
from led
cross join found
