-- title: 今年累计与前五年（一般程序事故） | This year's cumulative crashes against the five years before
-- grain: one row per year and month
-- compare: none
with counted as (
  select year, month, sum(case when procedure = '一般程序' then records when procedure is not null then 0 end)
      as crashes
  from crashes_to_date
  group by year, month
)
select
  counted.year as year,
  make_date(year(period.ends_on), month(counted.month), 1) as month,
  sum(counted.crashes) over (partition by counted.year order by counted.month) as crashes_cumulative
from counted
cross join period
where counted.year > year(period.ends_on) - 6
order by year, month
