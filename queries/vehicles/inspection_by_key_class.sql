-- title: 重点车辆：逾期与 90 天内到期 | Key vehicles: overdue and due within 90 days
-- grain: one row per key class and inspection state
-- ignores: vehicles.scrap_state
-- compare: none
-- note: 按台账提取时的状态，以所选时段的最后一天计算；时段早于台账时，此后已检验的车不再显示为逾期，所以不与上年比。 | The register as extracted, reckoned on the period's last day. For an earlier day it no longer shows as overdue what has been inspected since, so nothing is compared with last year.
select key_class, inspection_state, sum(records) as registered_vehicles
from vehicles
where key_class is not null
  and inspection_state in ('已逾期', '30 天内到期', '31–60 天到期', '61–90 天到期')
group by key_class, inspection_state
order by
  case key_class when '两客' then 1 when '一危' then 2 when '一货' then 3 when '一面' then 4 else 5 end,
  key_class,
  case inspection_state
    when '已逾期' then 1 when '30 天内到期' then 2 when '31–60 天到期' then 3 else 4 end
