-- title: 一般程序事故：道路类型 | General procedure: road classes
-- grain: one row per road class
select
  road_class,
  sum(case when procedure = '一般程序' then records when procedure is not null then 0 end) as crashes,
  sum(case when procedure = '简易程序' then records when procedure is not null then 0 end)
    as crashes_summary,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries
from crashes
group by road_class
order by crashes desc nulls last, crashes_any desc, road_class
