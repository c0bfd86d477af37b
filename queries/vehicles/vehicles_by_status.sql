-- title: 平台标记的状态 | Status as the platform marks it
-- grain: one row per status
-- ignores: vehicles.inspection_state, vehicles.scrap_state
-- compare: none
-- note: 一辆车可同时有几种状态，各计一次，相加会超过车辆数。平台的逾期标记与按日期计算的可能不同步。 | A vehicle may have several at once and counts in each, so they add up to more than the vehicles. The platform's overdue mark may lag behind the dates.
select nullif(status_name, '') as status_name, sum(records) as registered_vehicles
from (
  select unnest(string_split(coalesce(status_name, ''), '、')) as status_name, records
  from vehicles
) as marked
group by nullif(status_name, '')
order by registered_vehicles desc, status_name
