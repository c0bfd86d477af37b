-- title: 逐周到课率 | Attendance by week
-- grain: one row per week with a class planned or held
-- adds: attendance_rate
-- compare: none
-- ignores: training_sessions.kind, training_sessions.topic, training_sessions.counted, weekday, hour
-- note: 只计夜校；没有上课的一周断开。 | Night school only; the line breaks where no class was held.
with started as (
  select
    min(case when kind = '交警夜校' then day end) as first_night,
    max(day) as last_known
  from training_sessions_to_date
),
digits as (
  select 0 as n
  union all select 1 union all select 2 union all select 3 union all select 4
  union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
),
first_wednesday as (
  select starts_on
    + cast((9 - date_diff('day', date '2024-01-01', starts_on) % 7) % 7 as integer) as wednesday
  from period
),
weeks as (
  select ones.n + 10 * tens.n + 100 * hundreds.n as n
  from digits as ones
  cross join digits as tens
  cross join digits as hundreds
),
planned as (
  select first_wednesday.wednesday + 7 * weeks.n as wednesday
  from first_wednesday
  cross join weeks
  cross join started
  cross join period
  where first_wednesday.wednesday + 7 * weeks.n <= period.ends_on
    and first_wednesday.wednesday + 7 * weeks.n >= started.first_night
    and first_wednesday.wednesday + 7 * weeks.n <= started.last_known
),
nights as (
  select
    day,
    weekday,
    sum(records) as nights_held,
    sum(case when counted then attended else 0 end) as attendances,
    sum(case when counted then expected else 0 end) as attendances_due
  from training_sessions
  where kind = '交警夜校'
  group by day, weekday
),
weekly as (
  select
    wednesday - 2 as week,
    1 as planned,
    0 as held,
    cast(null as integer) as attended,
    cast(null as integer) as due,
    wednesday as night
  from planned
  union all
  select
    day - cast(weekday - 1 as integer) as week,
    0 as planned,
    nights_held as held,
    attendances as attended,
    attendances_due as due,
    cast(null as date) as night
  from nights
)
select
  weekly.week,
  sum(weekly.planned) as nights_planned,
  sum(weekly.held) as nights_held,
  sum(case when weekly.night is not null and nights.day is null then 1 else 0 end) as nights_missed,
  sum(weekly.due) as attendances_due,
  sum(weekly.attended) as attendances
from weekly
left join nights on weekly.night = nights.day
group by weekly.week
order by weekly.week
