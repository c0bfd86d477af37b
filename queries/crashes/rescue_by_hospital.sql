-- title: 医院 | Hospital
-- grain: one row per hospital
select
  hospital,
  sum(records) as rescue_cases,
  sum(persons) as rescue_persons,
  sum(amount_yuan) as rescue_yuan,
  sum(recovered_yuan) as recovered_yuan_sum
from rescue_cases
group by hospital
order by rescue_yuan desc nulls last, hospital
