-- title: 一周各时段的违法 | Violations by hour and weekday
-- grain: one row per weekday and hour
select weekday, hour, sum(records) as violations
from violations
group by weekday, hour
order by weekday, hour
