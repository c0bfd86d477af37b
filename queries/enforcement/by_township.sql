-- title: 各乡镇违法 | Violations by township
-- grain: one row per township
select township, sum(records) as violations
from violations
group by township
order by violations desc
