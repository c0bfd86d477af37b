-- title: 垫付情形 | Reason
-- grain: one row per reason
select
  reason,
  sum(records) as rescue_cases,
  sum(persons) as rescue_persons,
  sum(amount_yuan) as rescue_yuan,
  sum(recovered_yuan) as recovered_yuan_sum
from rescue_cases
group by reason
order by rescue_yuan desc nulls last, reason
