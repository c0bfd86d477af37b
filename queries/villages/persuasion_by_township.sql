-- title: 各乡镇劝导人次 | People dissuaded, by township
-- grain: one row per township
select
  township,
  sum(dissuaded) as dissuaded,
  sum(checked) as persuasion_checked,
  sum(records) as persuasion_shifts
from persuasion_shifts
group by township
order by dissuaded desc nulls last, township
