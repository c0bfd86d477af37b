-- title: 各处理程序的事故 | Crashes by procedure
-- grain: one row per procedure
select procedure, sum(records) as crashes_any, sum(deaths) as deaths, sum(injuries) as injuries
from crashes
group by procedure
order by crashes_any desc
