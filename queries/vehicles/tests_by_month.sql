-- title: 逐月合格率 | Pass rate by month
-- grain: one row per month
-- adds: pass_rate, absence_rate
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
select
  month,
  sum(records) as sittings,
  sum(case when not sat then records when sat is not null then 0 end) as absences,
  sum(case when sat then records when sat is not null then 0 end) as tests_sat,
  sum(case when passed then records when passed is not null then 0 end) as tests_passed,
  sum(case when sat is not null then records else 0 end) as results_known,
  sum(case when booking_days is not null then records else 0 end) as bookings_known,
  quantile_cont(booking_days, 0.5) as booking_median,
  quantile_cont(booking_days, 0.9) as booking_p90
from driving_tests
group by month
order by month
