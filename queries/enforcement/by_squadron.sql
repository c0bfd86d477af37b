-- title: 各中队违法 | Violations by squadron
-- grain: one row per squadron
-- adds: drink_driving_share
select
  squadron,
  sum(records) as violations,
  sum(case when source = '现场' then records when source is not null then 0 end)
    as violations_on_site,
  sum(case when drink and source = '现场' then records when drink is not null then 0 end)
    as drink_on_site
from violations
group by squadron
order by violations desc, squadron
