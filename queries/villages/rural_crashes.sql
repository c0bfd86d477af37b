-- title: 农村道路事故 | Crashes on rural roads
-- grain: one row
-- note: 县道、乡道和村道；一般程序与简易程序分开计，从不相加。 | County, township and village roads; general and summary procedure are counted apart and never added.
select
  case when sum(records) is null then 0 else
    sum(case when rural and procedure = '一般程序' then records
             when rural is not null and procedure is not null then 0 end)
  end as rural_crashes,
  case when sum(records) is null then 0 else
    sum(case when rural and procedure = '简易程序' then records
             when rural is not null and procedure is not null then 0 end)
  end as rural_crashes_summary,
  case when sum(records) is null then 0 else
    sum(case when not rural then 0 when rural then deaths end)
  end as rural_deaths
from crashes
