-- title: 逐月违法 | Violations by month
-- grain: one row per month
-- adds: drink_driving_share
select
  month,
  sum(records) as violations,
  sum(case when source = '现场' then records when source is not null then 0 end)
    as violations_on_site,
  sum(case when source = '非现场' then records when source is not null then 0 end)
    as violations_camera,
  sum(case when drink then records when drink is not null then 0 end) as drink_driving,
  sum(case when category = '醉驾' then records when category is not null then 0 end)
    as drunk_driving,
  sum(case when drink and source = '现场' then records when drink is not null then 0 end)
    as drink_on_site,
  sum(case when category = '超限超载' then records when category is not null then 0 end)
    as overloading,
  sum(case when plate_licence then records when plate_licence is not null then 0 end)
    as plate_licence_offences,
  sum(fine_yuan) as fines,
  sum(points) as points_given
from violations
group by month
order by month
