-- title: 农村道路事故逐月（一般程序） | Crashes on rural roads by month (general procedure)
-- grain: one row per month
-- note: 简易程序另列于表中，从不相加。 | Those by summary procedure stand apart in the table and are never added.
select
  month,
  sum(case when rural and procedure = '一般程序' then records
             when rural is not null and procedure is not null then 0 end) as rural_crashes,
  sum(case when rural and procedure = '简易程序' then records
             when rural is not null and procedure is not null then 0 end) as rural_crashes_summary,
  sum(case when not rural then 0 when rural then deaths end) as rural_deaths
from crashes
group by month
order by month
