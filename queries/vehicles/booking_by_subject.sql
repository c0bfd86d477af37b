-- title: 从预约到考试的天数 | Days from booking to test
-- grain: one row per subject
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
select
  subject,
  sum(records) as bookings_known,
  quantile_cont(booking_days, 0.5) as booking_median,
  quantile_cont(booking_days, 0.9) as booking_p90
from driving_tests
where booking_days is not null
group by subject
order by case subject when '科目一' then 1 when '科目二' then 2 when '科目三' then 3 when '科目四' then 4 else 5 end
