-- title: 训练到课 | Training attendance
-- grain: one row
-- adds: attendance_rate
select
  coalesce(sum(records), 0) as training_held,
  coalesce(sum(case when counted then expected else 0 end), 0) as attendances_due,
  coalesce(sum(case when counted then attended else 0 end), 0) as attendances,
  coalesce(sum(case when counted then expected - attended else 0 end), 0) as training_absences
from training_sessions
