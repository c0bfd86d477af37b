-- title: 行政村与社区名录 | Register of villages and communities
-- grain: one row per village or community
-- compare: none
select village_code, township, village, kind
from villages
order by village_code
