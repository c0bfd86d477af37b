-- title: 事故最多的道路（各程序） | Roads with most crashes (any procedure)
-- grain: one row per road name
select
  road_name,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries,
  sum(
    case when deaths is not null or injuries is not null then
      crash_weight * records + injury_weight * coalesce(injuries, 0)
      + death_weight * coalesce(deaths, 0)
    end
  ) as harm
from crashes
cross join severity_weights
group by road_name
order by crashes_any desc, harm desc, road_name
