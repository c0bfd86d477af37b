-- title: 各课题 | Topics
-- grain: one row per topic
-- adds: attendance_rate
select
  topic,
  sum(records) as training_held,
  sum(case when counted then expected else 0 end) as attendances_due,
  sum(case when counted then attended else 0 end) as attendances,
  sum(case when counted then expected - attended else 0 end) as training_absences
from training_sessions
group by topic
order by training_held desc, topic
