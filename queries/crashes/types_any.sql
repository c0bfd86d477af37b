-- title: 事故形态（各程序） | Crash types (any procedure)
-- grain: one row per crash type
select crash_type, sum(records) as crashes_any, sum(deaths) as deaths, sum(injuries) as injuries
from crashes
group by crash_type
order by crashes_any desc, crash_type
