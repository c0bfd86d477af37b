-- title: 强制报废：已到期与一年内到期 | Compulsory scrapping: reached and within a year
-- grain: one row per scrap state
-- ignores: vehicles.inspection_state
-- compare: none
select scrap_state, sum(records) as registered_vehicles
from vehicles
where scrap_state in ('已达强制报废', '90 天内', '91–365 天')
group by scrap_state
order by case scrap_state when '已达强制报废' then 1 when '90 天内' then 2 else 3 end
