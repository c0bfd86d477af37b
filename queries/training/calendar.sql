-- title: 一年的周三：哪一周没有上课？ | The year's Wednesdays: which week had no class?
-- grain: one row per night planned or held
-- adds: attendance_rate
-- compare: none
-- ignores: training_sessions.kind, training_sessions.topic, training_sessions.counted, weekday, hour
-- note: 截至期末的 53 周；实心小标为计划内而没有上课的周三。 | The 53 weeks to the period's end; a small mark is a Wednesday without its class.
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
  select ends_on - 370
    + cast((9 - date_diff('day', date '2024-01-01', ends_on - 370) % 7) % 7 as integer) as wednesday
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
    sum(records) as nights_held,
    sum(case when counted then attended else 0 end) as attendances,
    sum(case when counted then expected else 0 end) as attendances_due
  from training_sessions_to_date
  where kind = '交警夜校'
  group by day
)
select
  coalesce(planned.wednesday, nights.day) as day,
  nights.attendances as attendances,
  nights.attendances_due as attendances_due,
  case when nights.day is null then '未上课' else '' end as night_state
from planned
full outer join nights on planned.wednesday = nights.day
cross join period
where coalesce(planned.wednesday, nights.day) > period.ends_on - 371
order by day
