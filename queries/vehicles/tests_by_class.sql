-- title: 各类车型合格率 | Pass rate by licence group
-- grain: one row per licence group
-- adds: pass_rate, absence_rate
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
select
  licence_group,
  sum(records) as sittings,
  sum(case when not sat then records when sat is not null then 0 end) as absences,
  sum(case when sat then records when sat is not null then 0 end) as tests_sat,
  sum(case when passed then records when passed is not null then 0 end) as tests_passed,
  sum(case when sat is not null then records else 0 end) as results_known
from driving_tests
group by licence_group
order by tests_sat desc, licence_group
