-- title: 每起伤亡事故的伤亡人数 | Casualties an injury crash
-- grain: one row
-- adds: casualties_per_crash
select
  coalesce(sum(case when injury_crash then coalesce(deaths, 0) + coalesce(injuries, 0) end), 0)
    as casualties,
  coalesce(sum(case when injury_crash then records end), 0) as casualty_crashes
from crashes
