-- title: 哪些夜晚查到酒驾 | Which nights find drink-drivers
-- grain: one row per operation date
-- ignores: township, village_code, road_class, vehicle_type, hour, weekday, campaign_id, violations.on_campaign, violations.source, violations.merged_into, violations.village_code_now
-- compare: none
-- note: 行动按开始的日期算，零点以后查处的也在其中；点一格只看那一天的行动。 | An operation stands on the day it began, with what it found after midnight; click a square for that day's operations.
with found as (
  select
    campaign_id,
    sum(records) as found,
    sum(case when drink then records else 0 end) as drink_found
  from violations
  where source = '现场'
  group by campaign_id
)
select
  campaigns.operation_date,
  sum(campaigns.records) as operations,
  sum(campaigns.vehicles_checked) as vehicles_checked,
  sum(case when campaigns.ended then coalesce(found.found, 0) end) as found,
  sum(case when campaigns.ended then coalesce(found.drink_found, 0) end) as drink_found
from campaigns
left join found on campaigns.campaign_id = found.campaign_id
group by campaigns.operation_date
order by campaigns.operation_date
