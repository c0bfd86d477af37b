-- title: 事故指数 | Crash figures
-- grain: one row
-- note: 一般程序与简易程序分开计。 | General and summary procedure are counted apart.
select
  case when sum(records) is null then 0 else
    sum(case when procedure = '一般程序' then records when procedure is not null then 0 end)
  end as crashes,
  case when sum(records) is null then 0 else
    sum(case when procedure = '简易程序' then records when procedure is not null then 0 end)
  end as crashes_summary,
  case when sum(records) is null then 0 else sum(deaths) end as deaths,
  case when sum(records) is null then 0 else sum(injuries) end as injuries
from crashes
