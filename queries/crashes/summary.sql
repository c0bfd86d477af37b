-- title: 四项指数 | The four indices
-- grain: one row
-- ignores: crashes.procedure
-- note: 一般程序与简易程序分开计。 | General and summary procedure are counted apart.
select
  case when sum(records) is null then 0 else
    sum(case when procedure = '一般程序' then records when procedure is not null then 0 end)
  end as crashes,
  case when sum(records) is null then 0 else
    sum(case when procedure = '简易程序' then records when procedure is not null then 0 end)
  end as crashes_summary,
  case when sum(records) is null then 0 else
    sum(deaths)
  end as deaths,
  case when sum(records) is null then 0 else
    sum(injuries)
  end as injuries,
  case when sum(records) is null then 0 else
    sum(case when procedure = '一般程序' then property_loss_yuan
      when procedure is not null and property_loss_yuan is not null then 0 end)
  end as property_loss,
  case when sum(records) is null then 0 else
    sum(case when severe then records when severe is not null then 0 end)
  end as crashes_severe
from crashes
