-- title: 各考场、各科目合格率 | Pass rate by site and part
-- grain: one row per site and subject
-- adds: pass_rate, absence_rate
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
select
  site,
  subject,
  sum(records) as sittings,
  sum(case when not sat then records when sat is not null then 0 end) as absences,
  sum(case when sat then records when sat is not null then 0 end) as tests_sat,
  sum(case when passed then records when passed is not null then 0 end) as tests_passed,
  sum(case when sat is not null then records else 0 end) as results_known
from driving_tests
group by site, subject
order by
  case subject when '科目一' then 1 when '科目二' then 2 when '科目三' then 3 when '科目四' then 4 else 5 end,
  site nulls last
