-- title: 劝导勤务 | Persuasion shifts
-- grain: one row
select
  coalesce(sum(records), 0) as persuasion_shifts,
  case when sum(records) is null then 0 else sum(checked) end as persuasion_checked,
  case when sum(records) is null then 0 else sum(dissuaded) end as dissuaded
from persuasion_shifts
