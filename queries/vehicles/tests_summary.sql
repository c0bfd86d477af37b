-- title: 考试 | Driving tests
-- grain: one row
-- adds: pass_rate, absence_rate
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
select
  coalesce(sum(records), 0) as sittings,
  case when sum(records) is null then 0 else
    sum(case when not sat then records when sat is not null then 0 end)
  end as absences,
  case when sum(records) is null then 0 else
    sum(case when sat then records when sat is not null then 0 end)
  end as tests_sat,
  case when sum(records) is null then 0 else
    sum(case when passed then records when passed is not null then 0 end)
  end as tests_passed,
  coalesce(sum(case when sat is not null then records else 0 end), 0) as results_known,
  coalesce(sum(case when booking_days is not null then records else 0 end), 0) as bookings_known,
  quantile_cont(booking_days, 0.5) as booking_median,
  quantile_cont(booking_days, 0.9) as booking_p90
from driving_tests
