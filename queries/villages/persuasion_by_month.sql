-- title: 劝导勤务逐月 | Persuasion shifts by month
-- grain: one row per month
select
  month,
  sum(records) as persuasion_shifts,
  sum(checked) as persuasion_checked,
  sum(dissuaded) as dissuaded
from persuasion_shifts
group by month
order by month
