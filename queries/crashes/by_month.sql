-- title: 逐月事故 | Crashes by month
-- grain: one row per month
select
  month,
  sum(case when procedure = '一般程序' then records when procedure is not null then 0 end) as crashes,
  sum(case when procedure = '简易程序' then records when procedure is not null then 0 end)
    as crashes_summary,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries,
  sum(case when procedure = '一般程序' then property_loss_yuan end) as property_loss
from crashes
group by month
order by month
