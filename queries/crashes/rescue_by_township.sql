-- title: 事故所在乡镇 | Township of the crash
-- grain: one row per township
select
  township,
  sum(records) as rescue_cases,
  sum(persons) as rescue_persons,
  sum(amount_yuan) as rescue_yuan,
  sum(recovered_yuan) as recovered_yuan_sum
from rescue_cases
group by township
order by rescue_yuan desc nulls last, township
