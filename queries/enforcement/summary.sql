-- title: 查处总量 | What was recorded
-- grain: one row
select
  coalesce(sum(records), 0) as violations,
  case when sum(records) is null then 0 else
    sum(case when source = '现场' then records when source is not null then 0 end)
  end as violations_on_site,
  case when sum(records) is null then 0 else
    sum(case when source = '非现场' then records when source is not null then 0 end)
  end as violations_camera,
  case when sum(records) is null then 0 else sum(fine_yuan) end as fines,
  case when sum(records) is null then 0 else sum(points) end as points_given
from violations
