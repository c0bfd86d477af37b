-- title: 检验与报废 | Inspection and scrapping
-- grain: one row
-- adds: overdue_share
-- ignores: vehicles.inspection_state, vehicles.scrap_state
-- compare: none
select
  coalesce(sum(records), 0) as registered_vehicles,
  case when sum(records) is null then 0 else
    sum(case when inspection_state = '已逾期' then records when inspection_state is not null then 0 end)
  end as inspection_overdue,
  case when sum(records) is null then 0 else
    sum(case when inspection_state = '30 天内到期' then records when inspection_state is not null then 0 end)
  end as inspection_due_30,
  case when sum(records) is null then 0 else
    sum(case when inspection_state = '31–60 天到期' then records when inspection_state is not null then 0 end)
  end as inspection_due_60,
  case when sum(records) is null then 0 else
    sum(case when inspection_state = '61–90 天到期' then records when inspection_state is not null then 0 end)
  end as inspection_due_90,
  case when sum(records) is null then 0 else
    sum(case when inspection_state <> '不适用' then records when inspection_state is not null then 0 end)
  end as inspections_known,
  case when sum(records) is null then 0 else
    sum(case when scrap_state = '已达强制报废' then records when scrap_state is not null then 0 end)
  end as scrap_reached
from vehicles
