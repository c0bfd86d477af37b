-- title: 各驾校、各科目合格率 | Pass rate by driving school and part
-- grain: one row per school and subject
-- adds: pass_rate, absence_rate
-- ignores: driving_tests.result, driving_tests.sat, driving_tests.passed
-- note: 实考少的格子合格率说明不了什么，指向格子可见实考人次。 | A rate made of few tests says little: point at a square to see how many were sat.
with counted as (
  select
    school,
    subject,
    sum(records) as sittings,
    sum(case when not sat then records when sat is not null then 0 end) as absences,
    sum(case when sat then records when sat is not null then 0 end) as tests_sat,
    sum(case when passed then records when passed is not null then 0 end) as tests_passed,
    sum(case when sat is not null then records else 0 end) as results_known
  from driving_tests
  group by school, subject
),
ranked as (
  select
    school,
    subject,
    sittings,
    absences,
    tests_sat,
    tests_passed,
    results_known,
    sum(tests_sat) over (partition by school) as school_sat,
    sum(tests_passed) over (partition by school) as school_passed
  from counted
)
select school, subject, sittings, absences, tests_sat, tests_passed, results_known
from ranked
order by
  case subject when '科目一' then 1 when '科目二' then 2 when '科目三' then 3 when '科目四' then 4 else 5 end,
  case when school_sat >= 30 then 0 else 1 end,
  cast(school_passed as double) / nullif(school_sat, 0) desc nulls last,
  school
