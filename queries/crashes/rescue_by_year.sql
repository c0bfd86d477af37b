-- title: 逐年救助 | Rescue by year
-- grain: one row per year
-- compare: none
select
  year,
  sum(records) as rescue_cases,
  sum(persons) as rescue_persons,
  sum(amount_yuan) as rescue_yuan,
  quantile_cont(days_to_payment, 0.5) as payment_median,
  quantile_cont(days_to_payment, 0.9) as payment_p90
from rescue_cases_to_date
group by year
order by year
