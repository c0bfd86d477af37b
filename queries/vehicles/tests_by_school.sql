-- title: 各驾校合格率 | Pass rate by driving school
-- grain: one row per school
-- adds: pass_rate, absence_rate
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
-- note: 实考不足 30 人次的驾校排在最后：人数少，合格率说明不了什么。各校所考科目不同，选定科目再比。 | Schools with fewer than 30 tests sat come last: so few say little. Schools differ in the parts they take; choose a part before comparing.
select
  school,
  sum(records) as sittings,
  sum(case when not sat then records when sat is not null then 0 end) as absences,
  sum(case when sat then records when sat is not null then 0 end) as tests_sat,
  sum(case when passed then records when passed is not null then 0 end) as tests_passed,
  sum(case when sat is not null then records else 0 end) as results_known
from driving_tests
group by school
order by
  case when tests_sat >= 30 then 0 else 1 end,
  cast(tests_passed as double) / nullif(tests_sat, 0) desc nulls last,
  school
