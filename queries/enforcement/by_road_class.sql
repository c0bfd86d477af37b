-- title: 各道路类型违法 | Violations by road class
-- grain: one row per road_class
select road_class, sum(records) as violations
from violations
group by road_class
order by violations desc, road_class
