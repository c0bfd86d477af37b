-- title: 隐患治理指标 | Hazard figures
-- grain: one row
-- adds: hazards_clearance
-- ignores: hazards.state, hazards.overdue_band
select
  coalesce(sum(case when listed then records end), 0) as hazards_listed,
  coalesce(sum(case when listed and planned then records end), 0) as hazards_planned,
  coalesce(sum(case when state = '已销号' then records end), 0) as hazards_cleared,
  coalesce(sum(case when state in ('整改中', '已超期', '反弹') then records end), 0) as hazards_open,
  coalesce(sum(case when state = '已超期' then records end), 0) as hazards_overdue,
  coalesce(sum(case when state = '反弹' then records end), 0) as hazards_relapsed,
  coalesce(sum(case when found_in_period then records end), 0) as hazards_found,
  coalesce(sum(case when cleared_in_period then records end), 0) as hazards_closed
from hazards
