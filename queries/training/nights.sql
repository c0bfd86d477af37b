-- title: 夜校计划与实际 | Night school planned and held
-- grain: one row
-- ignores: training_sessions.kind, training_sessions.topic, training_sessions.counted, weekday, hour
-- note: 夜校按每周三计划，从首次夜校算到最后一次训练记录；其后有没有上课还不知道。 | Planned for every Wednesday from the first class to the last session recorded; what came after is not known yet.
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
    sum(records) as nights_held,
    sum(case when counted then attended else 0 end) as attendances,
    sum(case when counted then expected else 0 end) as attendances_due
  from training_sessions
  where kind = '交警夜校'
  group by day
)
select
  (select count(wednesday) from planned) as nights_planned,
  (select coalesce(sum(nights_held), 0) from nights) as nights_held,
  (select count(planned.wednesday) from planned left join nights on planned.wednesday = nights.day
   where nights.day is null) as nights_missed
