-- title: 什么时候出事：时段与星期（各程序） | When: hour and weekday (any procedure)
-- grain: one row per hour and weekday
select hour, weekday, sum(records) as crashes_any, sum(deaths) as deaths, sum(injuries) as injuries
from crashes
group by hour, weekday
order by weekday, hour
