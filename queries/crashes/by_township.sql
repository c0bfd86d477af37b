-- title: 一般程序事故：各乡镇 | General procedure: townships
-- grain: one row per township
select
  township,
  sum(case when procedure = '一般程序' then records when procedure is not null then 0 end) as crashes,
  sum(case when procedure = '简易程序' then records when procedure is not null then 0 end)
    as crashes_summary,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries
from crashes
group by township
order by crashes desc nulls last, crashes_any desc, township
