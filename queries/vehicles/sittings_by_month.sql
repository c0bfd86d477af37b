-- title: 逐月约考人次 | Tests booked by month
-- grain: one row per month
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
select
  month,
  sum(records) as sittings,
  sum(case when not sat then records when sat is not null then 0 end) as absences
from driving_tests
group by month
order by month
