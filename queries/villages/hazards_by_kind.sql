-- title: 哪类隐患完成了计划？ | Which kinds of hazard met the plan?
-- grain: one row per kind
-- adds: hazards_clearance
-- ignores: hazards.state, hazards.overdue_band
-- note: 销号数 ÷ 计划数，截至期末；计划外销号的也计入分子，可超过 100%。 | Cleared ÷ planned as of the period's end; those cleared beyond the plan count too, so it can pass 100%.
select
  kind,
  sum(case when listed then records else 0 end) as hazards_listed,
  sum(case when listed and planned then records else 0 end) as hazards_planned,
  sum(case when state = '已销号' then records else 0 end) as hazards_cleared,
  sum(case when state in ('整改中', '已超期', '反弹') then records else 0 end) as hazards_open,
  sum(case when state = '已超期' then records else 0 end) as hazards_overdue,
  sum(case when state = '反弹' then records else 0 end) as hazards_relapsed
from hazards
where listed
group by kind
order by hazards_listed desc, kind
