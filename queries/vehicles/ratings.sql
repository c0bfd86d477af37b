-- title: 服务评价 | Ratings
-- grain: one row per rating
-- ignores: service_records.long_wait, service_records.returned
select rating, sum(records) as transactions
from service_records
group by rating
order by transactions desc, rating
