-- title: 各车型违法 | Violations by vehicle type
-- grain: one row per vehicle_type
select vehicle_type, sum(records) as violations
from violations
group by vehicle_type
order by violations desc, vehicle_type
