-- title: 喇叭广播逐月 | Loudspeaker broadcasts by month
-- grain: one row per month
select month, sum(records) as broadcast_days, count(distinct village_code) as broadcast_villages
from broadcasts
group by month
order by month
