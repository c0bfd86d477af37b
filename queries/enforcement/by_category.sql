-- title: 各类别违法 | Violations by category
-- grain: one row per category
select
  category,
  sum(records) as violations,
  sum(fine_yuan) as fines,
  sum(points) as points_given
from violations
group by category
order by violations desc, category
