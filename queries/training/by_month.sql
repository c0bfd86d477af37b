-- title: 逐月训练 | Training by month
-- grain: one row per month
-- adds: attendance_rate
select
  month,
  sum(records) as training_held,
  sum(case when counted then expected else 0 end) as attendances_due,
  sum(case when counted then attended else 0 end) as attendances,
  sum(case when counted then expected - attended else 0 end) as training_absences
from training_sessions
group by month
order by month
