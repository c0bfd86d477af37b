-- title: 现场与非现场 | On site and by camera
-- grain: one row per source
select source, sum(records) as violations, sum(fine_yuan) as fines, sum(points) as points_given
from violations
group by source
order by violations desc, source
