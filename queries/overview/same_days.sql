-- title: 历年同期 | The same days of each year
-- grain: one row per year
-- compare: none
-- note: 每年只计与所选时段相同的月日（时段在一年之内时）。 | Each year counts the same calendar days as the period chosen (for a period within one year).
select
  year,
  sum(case when procedure = '一般程序' then records when procedure is not null then 0 end) as crashes,
  sum(deaths) as deaths,
  sum(injuries) as injuries,
  sum(records) as crashes_any
from crashes_to_date
cross join period
where month(day) * 100 + day(day) >= month(period.starts_on) * 100 + day(period.starts_on)
  and month(day) * 100 + day(day) <= month(period.ends_on) * 100 + day(period.ends_on)
group by year
order by year
