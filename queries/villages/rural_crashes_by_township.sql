-- title: 各乡镇农村道路事故（一般程序） | Crashes on rural roads by township (general procedure)
-- grain: one row per township
-- note: 简易程序另列于表中，从不相加。 | Those by summary procedure stand apart in the table and are never added.
select
  township,
  sum(case when rural and procedure = '一般程序' then records
             when rural is not null and procedure is not null then 0 end) as rural_crashes,
  sum(case when rural and procedure = '简易程序' then records
             when rural is not null and procedure is not null then 0 end) as rural_crashes_summary,
  sum(case when not rural then 0 when rural then deaths end) as rural_deaths
from crashes
group by township
order by rural_crashes desc nulls last, rural_crashes_summary desc nulls last, township
