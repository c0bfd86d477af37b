-- title: 费用类型 | Kind of expense
-- grain: one row per expense kind
select
  expense_kind,
  sum(records) as rescue_cases,
  sum(persons) as rescue_persons,
  sum(amount_yuan) as rescue_yuan,
  sum(recovered_yuan) as recovered_yuan_sum
from rescue_cases
group by expense_kind
order by rescue_yuan desc nulls last, expense_kind
