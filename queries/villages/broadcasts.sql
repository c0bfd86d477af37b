-- title: 喇叭广播 | Loudspeaker broadcasts
-- grain: one row
select
  coalesce(sum(records), 0) as broadcast_days,
  count(distinct village_code) as broadcast_villages
from broadcasts
