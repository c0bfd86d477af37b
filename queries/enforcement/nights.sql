-- title: 逐次行动 | Operations one by one
-- grain: one row per operation
-- adds: found_per_100_checked, drink_per_100_checked, drink_per_100_tests
-- ignores: township, village_code, road_class, vehicle_type, hour, weekday, violations.on_campaign, violations.source, violations.merged_into, violations.village_code_now
-- compare: none
-- note: 点一行，只看这次行动的违法。跨过时段末尾的行动，查处数还不全，写作“—”。 | Click a row for that operation's violations. What an operation found that runs past the period's end is not complete yet: "—".
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
  campaigns.campaign_id,
  campaigns.starts_at,
  campaigns.weekday,
  campaigns.duty,
  campaigns.squadron,
  campaigns.officers,
  campaigns.vehicles_checked,
  campaigns.breath_tested,
  case when campaigns.ended then coalesce(found.found, 0) end as found,
  case when campaigns.ended then coalesce(found.drink_found, 0) end as drink_found
from campaigns
left join found on campaigns.campaign_id = found.campaign_id
order by campaigns.starts_at desc, campaigns.campaign_id
