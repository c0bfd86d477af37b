-- title: 天气与照明（各程序） | Weather and light (any procedure)
-- grain: one row per weather and lighting
select
  weather,
  lighting,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries
from crashes
group by weather, lighting
order by
  case lighting
    when '白天' then 1 when '黎明' then 2 when '黄昏' then 3 when '黎明或黄昏' then 4
    when '夜间有路灯照明' then 5 when '夜间无路灯照明' then 6 else 7 end,
  lighting,
  case weather when '晴' then 1 when '阴' then 2 when '雨' then 3 when '雪' then 4 when '雾' then 5 else 6 end,
  weather
