-- title: 各训练类型 | Kinds of training
-- grain: one row per kind
-- adds: attendance_rate
select
  kind,
  sum(records) as training_held,
  sum(case when counted then expected else 0 end) as attendances_due,
  sum(case when counted then attended else 0 end) as attendances,
  sum(case when counted then expected - attended else 0 end) as training_absences
from training_sessions
group by kind
order by training_held desc, kind
