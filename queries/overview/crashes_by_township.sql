-- title: 变化最大的乡镇（一般程序事故） | Townships that changed most (crashes, general procedure)
-- grain: one row per township
-- order: change
select
  township,
  sum(case when procedure = '一般程序' then records when procedure is not null then 0 end) as crashes,
  sum(deaths) as deaths
from crashes
group by township
order by crashes desc
