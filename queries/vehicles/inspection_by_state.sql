-- title: 全部车辆：逾期与 90 天内到期 | All vehicles: overdue and due within 90 days
-- grain: one row per inspection state
-- ignores: vehicles.scrap_state
-- compare: none
select inspection_state, sum(records) as registered_vehicles
from vehicles
where inspection_state in ('已逾期', '30 天内到期', '31–60 天到期', '61–90 天到期')
group by inspection_state
order by
  case inspection_state
    when '已逾期' then 1 when '30 天内到期' then 2 when '31–60 天到期' then 3 else 4 end
