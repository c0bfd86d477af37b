-- title: 救助基金已垫付 | Paid from the rescue fund
-- grain: one row
-- note: 时段内申请、截至期末已垫付的。 | Applied for within the period and paid by its end.
select
  coalesce(sum(case when paid_by_end then records end), 0) as rescue_cases_paid,
  coalesce(sum(case when paid_by_end then persons end), 0) as rescue_persons_paid,
  coalesce(sum(case when paid_by_end then amount_yuan end), 0) as rescue_yuan_paid
from rescue_cases
