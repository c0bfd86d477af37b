-- title: 重点违法 | Violations in focus
-- grain: one row
-- adds: drink_driving_share
select
  case when sum(records) is null then 0 else
    sum(case when drink then records when drink is not null then 0 end)
  end as drink_driving,
  case when sum(records) is null then 0 else
    sum(case when category = '醉驾' then records when category is not null then 0 end)
  end as drunk_driving,
  case when sum(records) is null then 0 else
    sum(case when drink and source = '现场' then records when drink is not null then 0 end)
  end as drink_on_site,
  case when sum(records) is null then 0 else
    sum(case when source = '现场' then records when source is not null then 0 end)
  end as violations_on_site,
  case when sum(records) is null then 0 else
    sum(case when category = '超限超载' then records when category is not null then 0 end)
  end as overloading,
  case when sum(records) is null then 0 else
    sum(case when plate_licence then records when plate_licence is not null then 0 end)
  end as plate_licence_offences
from violations
