-- title: 各乡镇违法 | Violations by township
-- grain: one row per township
-- adds: drink_driving_share
select
  township,
  sum(records) as violations,
  sum(case when source = '现场' then records when source is not null then 0 end)
    as violations_on_site,
  sum(case when drink and source = '现场' then records when drink is not null then 0 end)
    as drink_on_site
from violations
group by township
order by violations desc, township
