-- title: 各乡镇街道逾期未检验 | Overdue for inspection by township
-- grain: one row per township
-- adds: overdue_share
-- ignores: vehicles.inspection_state, vehicles.scrap_state
-- compare: none
select
  township,
  sum(case when inspection_state = '已逾期' then records when inspection_state is not null then 0 end)
    as inspection_overdue,
  sum(case when inspection_state = '30 天内到期' then records when inspection_state is not null then 0 end)
    as inspection_due_30,
  sum(case when inspection_state = '31–60 天到期' then records when inspection_state is not null then 0 end)
    as inspection_due_60,
  sum(case when inspection_state = '61–90 天到期' then records when inspection_state is not null then 0 end)
    as inspection_due_90,
  sum(case when inspection_state <> '不适用' then records when inspection_state is not null then 0 end)
    as inspections_known,
  sum(case when scrap_state = '已达强制报废' then records when scrap_state is not null then 0 end)
    as scrap_reached
from vehicles
group by township
order by inspection_overdue desc nulls last, township
